package io.github.wslproxy.relay;

import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.relay.tcp.TcpRelay;
import io.github.wslproxy.relay.udp.UdpRelay;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One client of forwards that lead to each other gets no further than the first, however the way back is written. */
class LoopsOverSocketsTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    /** Literals, names that the system knows, and the addresses of its adapters. */
    static Stream<String> spellingsOfThisComputer() throws SocketException {
        List<String> lan = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLinkLocalAddress())
                .map(InetAddress::getHostAddress)
                .toList();
        // Not "localhost.", which only some systems know; proxy.toml is read with it in LoopCheckTest.
        return Stream.concat(
                        Stream.of("127.0.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "localhost", "LOCALHOST"),
                        lan.stream())
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("spellingsOfThisComputer")
    void aClientOfAForwardThatLeadsToItselfIsRefusedOnce(String target) throws Exception {
        int port = freePortOfBoth();
        TargetSource here = TargetSource.fixed(resolved(target));
        TcpRelay tcp = fixture.start(
                new TcpRelay(Forwards.tcp().listen("*", port).toWsl(port).named("x"), here, fixture.context()));
        UdpRelay udp = fixture.start(
                new UdpRelay(Forwards.udp().listen("*", port).toWsl(port).named("x"), here, fixture.context()));

        assertRefused(port);
        send(port);

        Await.until(() -> udp.counters().refused() == 1);
        assertThat(tcp.counters().refused()).isOne();
        assertThat(tcp.counters().accepted() + udp.counters().accepted()).isZero();
    }

    @ParameterizedTest
    @MethodSource("spellingsOfThisComputer")
    void aClientOfAForwardThatLeadsBackThroughTwoOthersIsRefusedOnce(String target) throws Exception {
        TargetSource here = TargetSource.fixed(resolved(target));
        List<Integer> ports = List.of(freePortOfBoth(), freePortOfBoth(), freePortOfBoth());
        List<Relay> relays = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            int listen = ports.get(i);
            int next = ports.get((i + 1) % ports.size());
            relays.add(fixture.start(new TcpRelay(
                    Forwards.tcp().listen("*", listen).toWsl(next).named("t" + i), here, fixture.context())));
            relays.add(fixture.start(new UdpRelay(
                    Forwards.udp().listen("*", listen).toWsl(next).named("u" + i), here, fixture.context())));
        }

        for (int port : ports) {
            assertRefused(port);
            send(port);
        }
        for (Relay relay : relays) {
            Await.until(() -> relay.counters().refused() == 1);
            assertThat(relay.counters().accepted()).isZero();
        }
    }

    private static InetAddress resolved(String spelling) throws Exception {
        return Host.Name.inOrder(InetAddress.getAllByName(spelling)).get(0);
    }

    private static void assertRefused(int port) throws Exception {
        assertThatThrownBy(() -> {
                    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        client.setSoTimeout(10_000);
                        client.getInputStream().read();
                    }
                })
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private void send(int port) throws Exception {
        fixture.use(UdpPeer.client(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
                .send("round and round");
    }
}
