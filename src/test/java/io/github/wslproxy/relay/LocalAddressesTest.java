package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.FakeTime;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalAddressesTest {
    private static final InetAddress WIFI = ip("192.168.1.7");
    private static final InetAddress VPN = ip("10.8.0.2");

    private final FakeAddresses script = new FakeAddresses(WIFI);
    private final LocalAddresses addresses = script.asLocal();
    private final List<Set<InetAddress>> told = new ArrayList<>();
    private final Runnable unsubscribe = addresses.onChange(() -> told.add(addresses.current()));

    @Test
    void aListenerThatFailsKeepsNoOtherFromHearing() {
        FakeAddresses other = new FakeAddresses(WIFI);
        LocalAddresses watched = other.asLocal();
        watched.onChange(() -> {
            throw new IllegalStateException("planted");
        });
        List<String> heard = new ArrayList<>();
        watched.onChange(() -> heard.add("changed"));

        other.change(WIFI, VPN);

        assertThat(heard).containsExactly("changed");
    }

    /** Who is told may wait for a thread that wants the addresses read: no lock may be held meanwhile. */
    @Test
    void anotherThreadMayReadTheAddressesWhileAListenerIsTold() {
        FakeAddresses other = new FakeAddresses(WIFI);
        LocalAddresses watched = other.asLocal();
        AtomicBoolean wasRead = new AtomicBoolean();
        watched.onChange(() -> {
            CompletableFuture.runAsync(watched::refresh)
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join();
            wasRead.set(true);
        });

        other.change(WIFI, VPN);

        assertThat(wasRead).isTrue();
    }

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
        script.change(WIFI, VPN);
        script.change(VPN, WIFI);

        assertThat(told).containsExactly(Set.of(WIFI, VPN));
        assertThat(addresses.current()).containsExactlyInAnyOrder(WIFI, VPN);
        assertThat(addresses.contains(VPN)).isTrue();
    }

    @Test
    void anAdapterThatGoesIsForgotten() {
        script.change();

        assertThat(told).containsExactly(Set.of());
        assertThat(addresses.contains(WIFI)).isFalse();
        assertThat(addresses.contains(ip("127.0.0.1"))).isTrue();
    }

    @Test
    void aListenerThatWasTakenOutHearsNothingMore() {
        unsubscribe.run();

        script.change(VPN);

        assertThat(told).isEmpty();
    }

    @Test
    void anAddressThatIsBackIsAnotherAppearanceOfIt() {
        long first = addresses.appearance(WIFI);
        script.change(WIFI, VPN);
        assertThat(addresses.appearance(WIFI)).isEqualTo(first).isNotEqualTo(addresses.appearance(VPN));

        script.change(VPN);
        assertThat(addresses.appearance(WIFI)).isEqualTo(LocalAddresses.ABSENT);

        script.change(WIFI, VPN);
        assertThat(addresses.appearance(WIFI)).isNotEqualTo(first).isNotEqualTo(LocalAddresses.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.53", "::1", "0.0.0.0", "::"})
    void loopbackAndTheWildcardsAreAlwaysThere(String address) {
        long before = addresses.appearance(ip(address));
        script.change();
        script.sleep(Duration.ofHours(8));

        assertThat(addresses.appearance(ip(address))).isEqualTo(before).isNotEqualTo(LocalAddresses.ABSENT);
    }

    @Test
    void afterASleepOfTheComputerAllMayHaveGoneAndComeBackUnseen() {
        long before = addresses.appearance(WIFI);
        script.sleep(Duration.ofSeconds(30));
        assertThat(told).isEmpty();

        script.sleep(Duration.ofSeconds(31));

        assertThat(told).containsExactly(Set.of(WIFI));
        assertThat(addresses.appearance(WIFI)).isNotEqualTo(before);
    }

    @Test
    void theFirstReadingAfterASleepIsMadeAtOnceAndTheNextOnesInTurn() {
        FakeTime time = new FakeTime();
        AtomicInteger readings = new AtomicInteger();
        LocalAddresses watched = new LocalAddresses(
                () -> {
                    readings.incrementAndGet();
                    return Set.of(WIFI);
                },
                time::nanoTime);
        List<Long> appearances = new ArrayList<>();
        watched.onChange(() -> appearances.add(watched.appearance(WIFI)));
        watched.watch(time, Duration.ofSeconds(4));
        time.pass(Duration.ofSeconds(10));
        assertThat(readings).hasValue(3);

        time.sleep(Duration.ofHours(8));

        assertThat(readings).hasValue(4);
        assertThat(appearances).hasSize(1);
        time.pass(Duration.ofSeconds(4));
        assertThat(readings).hasValue(5);
        assertThat(appearances).hasSize(1);
    }

    @Test
    void aLinkLocalAddressBelongsToItsAdapter() throws Exception {
        InetAddress onFirst = scoped(1);
        InetAddress onSecond = scoped(2);
        script.change(onFirst);
        assertThat(addresses.appearance(onFirst)).isNotEqualTo(LocalAddresses.ABSENT);
        assertThat(addresses.appearance(onSecond)).isEqualTo(LocalAddresses.ABSENT);

        script.change(onSecond);

        assertThat(addresses.appearance(onFirst)).isEqualTo(LocalAddresses.ABSENT);
        assertThat(told).hasSize(2);
    }

    /** Otherwise a host of the LAN that takes the address of our other adapter would be taken for this computer. */
    @Test
    void theSameLinkLocalAddressOnAnotherAdapterIsAnotherComputer() throws Exception {
        script.change(scoped(1));

        assertThat(addresses.contains(scoped(1))).isTrue();
        assertThat(addresses.contains(scoped(2))).isFalse();
        assertThat(addresses.contains(ip("fe80::7"))).isTrue();
    }

    @Test
    void theScopeThatJavaGivesToOtherAddressesDoesNotCount() throws Exception {
        script.change(Inet6Address.getByAddress("", ip("2001:db8::7").getAddress(), 3));

        assertThat(addresses.contains(ip("2001:db8::7"))).isTrue();
        assertThat(addresses.appearance(ip("2001:db8::7"))).isNotEqualTo(LocalAddresses.ABSENT);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::7, 2001:db8::1234:5678, true",
        "2001:db8::7, 2001:db8:0:1::1, false",
        "fd00:77::7, fd00:77::8, true",
        "2001:0:1234:5678::7, 2001:0:1234:5678::8, false",
        "::1, ::2, false",
        "192.168.1.7, 192.168.1.8, false",
        "fe80::7, fe80::8, false",
    })
    void neighboursAreInTheNetworkOfAGlobalIpv6Address(String own, String other, boolean neighbour) {
        script.change(ip(own));

        assertThat(addresses.isOnLink(ip(other))).isEqualTo(neighbour);
    }

    private static InetAddress scoped(int scope) throws Exception {
        return Inet6Address.getByAddress("", ip("fe80::7").getAddress(), scope);
    }

    @Test
    void aReadThatFailsKeepsWhatIsKnownAndTheNextOneIsMadeAnyway() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        LocalAddresses flaky = new LocalAddresses(
                () -> {
                    if (broken.get()) {
                        failures.incrementAndGet();
                        throw new IllegalStateException("the adapter went away while it was read");
                    }
                    return failures.get() == 0 ? Set.of(WIFI) : Set.of(VPN);
                },
                System::nanoTime);
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
