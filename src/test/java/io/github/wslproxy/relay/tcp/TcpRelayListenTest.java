package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a relay listens, and what it does when it cannot. */
class TcpRelayListenTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"127.0.0.1, 127.0.0.1", "127.0.0.1, ::1", "::1, 127.0.0.1", "::1, ::1"})
    void anyFamilyReachesAnyFamily(String listen, String target) throws Exception {
        TcpPeer server = fixture.use(TcpPeer.at(target, TcpPeer::echo));
        TcpRelay relay =
                fixture.tcp(Forwards.tcp().listen(listen, 0).toWsl(server.port()), TargetSource.fixed(ip(target)));
        assertEchoes(relay);
    }

    @ParameterizedTest(name = "client of {0}")
    @CsvSource({"127.0.0.1", "::1"})
    void thePortAloneListensOnBothFamilies(String client) throws Exception {
        TcpRelay relay = fixture.tcp(Forwards.tcp().listen("*", 0), fixture.echo());
        assertThat(echoesThrough(relay, client)).isTrue();
    }

    @ParameterizedTest(name = "client of {0}")
    @CsvSource({"127.0.0.1", "::1"})
    void bothWildcardsInOneListAreOneSocket(String client) throws Exception {
        int port = freePort();
        TcpPeer server = fixture.echo();
        TcpRelay relay = fixture.tcp(Forwards.tcp().listen("0.0.0.0", port).listen("::", port), server);
        assertThat(RelayFixture.bound(relay)).hasSize(1);
        assertThat(echoesThrough(relay, client)).isTrue();
    }

    @Test
    void theIpv4WildcardDoesNotListenOnIpv6() throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay relay = fixture.tcp(Forwards.tcp().listen("0.0.0.0", 0), server);
        assertThat(echoesThrough(relay, "127.0.0.1")).isTrue();
        assertThatThrownBy(() -> echoesThrough(relay, "::1")).isInstanceOf(SocketException.class);
    }

    @Test
    void aNameOfThisComputerIsListenedOn() throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay relay = fixture.tcp(Forwards.tcp().listenName("localhost", 0), server);
        assertThat(echoesThrough(relay, "127.0.0.1")).isTrue();
    }

    @Test
    void aTakenPortIsReportedHindersNoOtherAndIsListenedOnOnceItIsFree() throws Exception {
        TcpPeer server = fixture.echo();
        ServerSocket taken = new ServerSocket(0, 1, ip("127.0.0.1"));
        TcpRelay relay = fixture.tcp(
                Forwards.tcp().listen("127.0.0.1", taken.getLocalPort()).listen("127.0.0.1", 0), server);
        assertThat(relay.listeners().get(0))
                .isInstanceOfSatisfying(ListenerStatus.Failed.class, failed -> assertThat(failed.error())
                        .contains("in use"));
        assertThat(echoesThrough(relay, "127.0.0.1")).isTrue();
        taken.close();
        Await.until(() -> RelayFixture.bound(relay).size() == 2);
    }

    @Test
    void aTakenPortIsReportedWithItsOwnerWhereThatIsKnown() throws Exception {
        fixture.portsAreHeldBy((protocol, port) -> Optional.of(protocol + " port " + port + " is held by node.exe"));
        try (ServerSocket taken = new ServerSocket(0, 1, ip("127.0.0.1"))) {
            int port = taken.getLocalPort();
            TcpRelay relay = fixture.tcp(
                    Forwards.tcp().listen("127.0.0.1", port).toWsl(80), TargetSource.fixed(ip("127.0.0.2")));
            Await.until(() -> relay.listeners().get(0) instanceof ListenerStatus.Failed failed
                    && failed.error().endsWith("; tcp port " + port + " is held by node.exe"));
        }
    }

    @Test
    void whereWslIsOnTheLanAtTheSamePortNothingListens() throws Exception {
        int port = freePort();
        FakeTargetSource source = new FakeTargetSource(new TargetState.OnLan("mirrored", ip("127.0.0.1"), "test"));
        TcpRelay relay = fixture.tcp(Forwards.tcp().listen("127.0.0.1", port).toWsl(port), source);
        assertThat(relay.listeners().get(0)).isInstanceOf(ListenerStatus.NotOpen.class);
        source.publish(new TargetState.Up(ip("127.0.0.2"), "nat again"));
        Await.until(() -> RelayFixture.bound(relay).size() == 1);
        source.publish(new TargetState.OnLan("mirrored", ip("127.0.0.1"), "test"));
        Await.until(() -> RelayFixture.bound(relay).isEmpty());
    }

    @Test
    void programsInWslReachAServerOnLocalhostAtTheSamePortAndItsAdapterIsFollowed() throws Exception {
        TcpPeer server = fixture.echo();
        TcpRelay relay = fixture.tcp(Forwards.tcp().listen("wsl", server.port()), server);
        assertThat(relay.listeners().get(0)).isInstanceOf(ListenerStatus.NotOpen.class);

        fixture.hostAdapter().adapterIs("127.0.0.2");
        Await.until(() -> RelayFixture.bound(relay).size() == 1);
        Socket open = fixture.use(connect(relay));
        Await.until(() -> relay.counters().accepted() == 1);
        fixture.hostAdapter().adapterIs("127.0.0.3");
        Await.until(
                () -> RelayFixture.bound(relay).equals(List.of(new InetSocketAddress(ip("127.0.0.3"), server.port()))));

        assertThat(echoesThrough(relay, "127.0.0.3")).isTrue();
        assertThatThrownBy(() -> new Socket(ip("127.0.0.2"), server.port()).close())
                .isInstanceOf(SocketException.class);
        assertEchoes(open);
    }

    private static boolean echoesThrough(TcpRelay relay, String address) throws IOException {
        try (Socket client =
                new Socket(ip(address), RelayFixture.bound(relay).get(0).getPort())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write('x');
            return client.getInputStream().read() == 'x';
        }
    }
}
