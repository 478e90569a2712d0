package io.github.wslproxy.relay;

import static io.github.wslproxy.forward.Protocol.TCP;
import static io.github.wslproxy.forward.Protocol.UDP;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopGuardTest {
    private static final String LAN = "192.168.1.7";
    private static final String LAN6 = "fd00:77::7";
    private static final String VM = "172.30.98.229";

    private final FakeAddresses addresses = new FakeAddresses(ip("127.0.0.1"), ip("::1"), ip(LAN), ip(LAN6));
    private final LoopGuard guard = new LoopGuard(addresses.asLocal());

    @Test
    void aListenerThatLeadsToTheVmIsNoLoop() {
        listener(at("0.0.0.0", 80), at(VM, 80));

        assertThat(guard.leadsBack(TCP, at(VM, 80))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "0.0.0.0, 127.0.0.1",
        "0.0.0.0, 127.9.9.9",
        "0.0.0.0, 192.168.1.7",
        "0.0.0.0, 0.0.0.0",
        "127.0.0.1, 0.0.0.0",
        "192.168.1.7, 192.168.1.7",
        "::, ::1",
        "::, fd00:77::7",
        "::, ::",
        "::1, ::",
        "::, 127.0.0.1",
        "::, 192.168.1.7",
        "::, 0.0.0.0",
        "::, ::ffff:127.0.0.1",
        "127.0.0.1, ::ffff:127.0.0.1",
    })
    void aListenerThatLeadsToItselfIsALoop(String bound, String target) {
        listener(at(bound, 80), at(target, 80));

        assertThat(guard.leadsBack(TCP, at(target, 80))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, ::1",
        "0.0.0.0, fd00:77::7",
        "127.0.0.1, 192.168.1.7",
        "127.0.0.1, 127.0.0.2",
        "127.0.0.1, ::1",
        "192.168.1.7, 0.0.0.0",
        "::1, 127.0.0.1",
    })
    void anAddressThatTheListenerDoesNotHearIsNoLoop(String bound, String target) {
        listener(at(bound, 80), at(target, 80));

        assertThat(guard.leadsBack(TCP, at(target, 80))).isFalse();
    }

    @Test
    void theSamePortOfAnotherComputerIsNoLoop() {
        listener(at("::", 80), at("192.168.1.8", 80));

        assertThat(guard.leadsBack(TCP, at("192.168.1.8", 80))).isFalse();
    }

    @Test
    void anotherPortOfThisComputerIsNoLoop() {
        listener(at("::", 80), at("127.0.0.1", 8080));

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 8080))).isFalse();
    }

    @Test
    void aLoopThroughOtherListenersIsSeenFromEachOfThem() {
        listener(at("127.0.0.1", 1), at(LAN, 2));
        listener(at("0.0.0.0", 2), at("::1", 3));
        listener(at("::", 3), at("127.0.0.1", 1));

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 1))).isTrue();
        assertThat(guard.leadsBack(TCP, at(LAN, 2))).isTrue();
        assertThat(guard.leadsBack(TCP, at("::1", 3))).isTrue();
    }

    @Test
    void whatLeadsIntoALoopOfOthersNeverLeavesEither() {
        listener(at("0.0.0.0", 1), at("127.0.0.1", 2));
        listener(at("0.0.0.0", 2), at("127.0.0.1", 2));

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 1))).isTrue();
    }

    @Test
    void aChainThatLeavesIsNoLoopHoweverLongItIs() {
        for (int port = 1; port < 200; port++) {
            listener(at("127.0.0.1", port), at("127.0.0.1", port + 1));
        }

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 1))).isFalse();
    }

    @Test
    void aChainAcrossSeveralAddressesOfOnePortIsNoLoop() {
        for (int last = 1; last < 50; last++) {
            listener(at("127.0.0." + last, 80), at("127.0.0." + (last + 1), 80));
        }

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 80))).isFalse();
    }

    @Test
    void aListenerThatWasTakenOutNoLongerCounts() {
        LoopGuard.Registration first = listener(at("127.0.0.1", 1), at("127.0.0.1", 2));
        listener(at("127.0.0.1", 2), at("127.0.0.1", 1));

        first.remove();

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 2))).isFalse();
    }

    @Test
    void takingOneOutLeavesTheOthersOfItsPort() {
        LoopGuard.Registration v4 = listener(at("127.0.0.1", 1), at("127.0.0.1", 1));
        listener(at("::1", 1), at("::1", 1));

        v4.remove();

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 1))).isFalse();
        assertThat(guard.leadsBack(TCP, at("::1", 1))).isTrue();
    }

    @Test
    void theOtherProtocolIsAnotherWorld() {
        listener(UDP, at("0.0.0.0", 53), at("127.0.0.1", 53));

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 53))).isFalse();
        assertThat(guard.leadsBack(UDP, at("127.0.0.1", 53))).isTrue();
    }

    @Test
    void itsOwnListenersAreKnownAtEachAddressThatTheyHear() {
        listener(UDP, at("0.0.0.0", 53), at(VM, 53));

        assertThat(guard.listensAt(UDP, at(LAN, 53))).isTrue();
        assertThat(guard.listensAt(UDP, at(LAN, 54))).isFalse();
        assertThat(guard.listensAt(UDP, at(VM, 53))).isFalse();
        assertThat(guard.listensAt(TCP, at(LAN, 53))).isFalse();
    }

    @Test
    void aListenerThatLeadsNowhereNowIsNoLoop() {
        LoopGuards.listen(guard, TCP, at("0.0.0.0", 80), Optional::empty);

        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 80))).isFalse();
    }

    @Test
    void aTargetThatMovesIsJudgedByWhereItIsNow() {
        AtomicReference<InetSocketAddress> target = new AtomicReference<>(at(VM, 80));
        LoopGuards.listen(guard, TCP, at("0.0.0.0", 80), () -> Optional.ofNullable(target.get()));
        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 80))).isFalse();

        target.set(at("127.0.0.1", 80));
        assertThat(guard.leadsBack(TCP, at("127.0.0.1", 80))).isTrue();
    }

    @Test
    void anAddressThatThisComputerGetsLaterCounts() {
        listener(at("0.0.0.0", 80), at("10.8.0.2", 80));
        assertThat(guard.leadsBack(TCP, at("10.8.0.2", 80))).isFalse();

        addresses.change(ip("10.8.0.2"));
        assertThat(guard.leadsBack(TCP, at("10.8.0.2", 80))).isTrue();
    }

    @Test
    void aConnectionBoundToOneAddressIsKnownByItsAddressAndPort() {
        List<String> told = new ArrayList<>();
        LoopGuard.Registration v4 = guard.connecting(at("127.0.0.1", 50_000), () -> told.add("v4"));
        guard.connecting(at("::1", 50_000), () -> told.add("v6"));

        assertThat(guard.isOwnConnection(at(LAN, 50_000))).isFalse();
        assertThat(guard.isOwnConnection(at("127.0.0.1", 50_001))).isFalse();
        assertThat(guard.isOwnConnection(at("::1", 50_000))).isTrue();
        assertThat(guard.isOwnConnection(at("127.0.0.1", 50_000))).isTrue();
        assertThat(told).containsExactly("v6", "v4");

        v4.remove();
        assertThat(guard.isOwnConnection(at("127.0.0.1", 50_000))).isFalse();
        assertThat(guard.isOwnConnection(at("::1", 50_000))).isTrue();
    }

    @Test
    void itWaitsForEveryListenerOnThePortToAccept() {
        List<Runnable> accepting = new ArrayList<>();
        List<String> done = new ArrayList<>();
        guard.add(TCP, at("127.0.0.1", 80), Optional::empty, (alsoAtRest, then) -> accepting.add(then));
        guard.add(TCP, at(LAN, 80), Optional::empty, (alsoAtRest, then) -> accepting.add(then));
        guard.add(TCP, at(LAN, 81), Optional::empty, (alsoAtRest, then) -> accepting.add(then));
        guard.add(UDP, at(LAN, 80), Optional::empty, (alsoAtRest, then) -> accepting.add(then));

        guard.afterAccepting(at("127.0.0.1", 80), () -> done.add("80"));
        guard.afterAccepting(at("127.0.0.1", 82), () -> done.add("82"));

        assertThat(accepting).hasSize(2);
        assertThat(done).containsExactly("82");
        accepting.forEach(Runnable::run);
        assertThat(done).containsExactly("82", "80");
    }

    @Test
    void onlyAListenerThatHearsTheDestinationAcceptsWhileItRests() {
        List<String> atRest = new ArrayList<>();
        for (String bound : List.of("127.0.0.1", "0.0.0.0", "::", LAN, "::1")) {
            guard.add(TCP, at(bound, 80), Optional::empty, (alsoAtRest, then) -> {
                if (alsoAtRest) {
                    atRest.add(bound);
                }
            });
        }

        guard.afterAccepting(at("127.0.0.1", 80), () -> {});

        assertThat(atRest).containsExactly("127.0.0.1", "0.0.0.0", "::");
    }

    private LoopGuard.Registration listener(InetSocketAddress bound, InetSocketAddress target) {
        return listener(TCP, bound, target);
    }

    private LoopGuard.Registration listener(Protocol protocol, InetSocketAddress bound, InetSocketAddress target) {
        return LoopGuards.listen(guard, protocol, bound, () -> Optional.of(target));
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(ip(address), port);
    }
}
