package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalAddressesTest {
    private static final InetAddress WIFI = ip("192.168.1.7");
    private static final InetAddress VPN = ip("10.8.0.2");

    private final ScriptedAddresses script = new ScriptedAddresses(WIFI);
    private final LocalAddresses addresses = script.asLocal();
    private final List<Set<InetAddress>> told = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"192.168.1.7", "127.0.0.1", "127.5.5.5", "::1", "0.0.0.0", "::", "::ffff:127.0.0.1"})
    void anAddressOfAnAdapterLoopbackAndTheWildcardsAreThisComputer(String address) {
        assertThat(addresses.contains(ip(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.1.8", "10.8.0.2", "fd00::1", "224.0.0.1"})
    void anythingElseIsAnotherComputer(String address) {
        assertThat(addresses.contains(ip(address))).isFalse();
    }

    @Test
    void anAdapterThatComesIsToldOnceWithAllAddresses() {
        addresses.onChange(told::add);

        script.change(WIFI, VPN);
        script.change(VPN, WIFI);

        assertThat(told).containsExactly(Set.of(WIFI, VPN));
        assertThat(addresses.current()).containsExactlyInAnyOrder(WIFI, VPN);
        assertThat(addresses.contains(VPN)).isTrue();
    }

    @Test
    void anAdapterThatGoesIsForgotten() {
        addresses.onChange(told::add);

        script.change();

        assertThat(told).containsExactly(Set.of());
        assertThat(addresses.contains(WIFI)).isFalse();
        assertThat(addresses.contains(ip("127.0.0.1"))).isTrue();
    }

    @Test
    void aListenerThatWasTakenOutHearsNothingMore() {
        Consumer<Set<InetAddress>> listener = told::add;
        addresses.onChange(listener);
        addresses.removeListener(listener);

        script.change(VPN);

        assertThat(told).isEmpty();
    }

    @Test
    void aReadThatFailsKeepsWhatIsKnownAndTheNextOneIsMadeAnyway() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        LocalAddresses flaky = new LocalAddresses(() -> {
            if (broken.get()) {
                failures.incrementAndGet();
                throw new IllegalStateException("the adapter went away while it was read");
            }
            return failures.get() == 0 ? Set.of(WIFI) : Set.of(VPN);
        });
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try {
            broken.set(true);
            flaky.watch(executor, Duration.ofMillis(1));
            Await.until(() -> failures.get() >= 2);
            assertThat(flaky.current()).containsExactly(WIFI);

            broken.set(false);
            Await.until(() -> flaky.contains(VPN));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void thisComputerHasLoopback() {
        assertThat(new LocalAddresses().current()).anyMatch(InetAddress::isLoopbackAddress);
    }
}
