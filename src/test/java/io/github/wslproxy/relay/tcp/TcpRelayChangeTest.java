package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.awaitFree;
import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.assertRefused;
import static io.github.wslproxy.testing.TcpClients.connect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.ConnectionLimits;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an edit of the configuration does to a relay that runs. */
class TcpRelayChangeTest {
    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void anotherTargetIsForNewLinksAndTheSocketStays() throws Exception {
        TcpPeer old = saying("old");
        TcpPeer other = saying("new");
        TcpRelay relay = start(to(old).named("x"), old);
        InetSocketAddress before = bound(relay);
        try (Socket early = connect(before)) {
            assertThat(early.getInputStream().readNBytes(3)).asString(UTF_8).isEqualTo("old");

            change(relay, to(other).named("renamed"), other);

            assertThat(bound(relay)).isEqualTo(before);
            try (Socket late = connect(before)) {
                assertThat(late.getInputStream().readNBytes(3)).asString(UTF_8).isEqualTo("new");
            }
            early.getOutputStream().write("still".getBytes(UTF_8));
            assertThat(early.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("still");
        }
        assertThat(relay.forward().name()).isEqualTo("renamed");
        assertThat(relay.counters().accepted()).isEqualTo(2);
    }

    @Test
    void anAddressThatIsNoLongerWantedIsFreeAndItsLinksLiveOn() throws Exception {
        TcpPeer echo = fixture.echo();
        int kept = freePort();
        int left = freePort();
        int added = freePort();
        TcpRelay relay = start(at(echo, kept).listen("127.0.0.1", left).named("x"), echo);
        try (Socket client = connect(new InetSocketAddress(ip("127.0.0.1"), left))) {
            assertEchoes(client);

            change(relay, at(echo, kept).listen("127.0.0.1", added).named("x"), echo);

            awaitFree(ip("127.0.0.1"), left);
            connect(new InetSocketAddress(ip("127.0.0.1"), added)).close();
            assertEchoes(client);
        }
        assertThat(RelayFixture.bound(relay))
                .extracting(InetSocketAddress::getPort)
                .containsExactly(kept, added);
    }

    @Test
    void accessAndLimitsHoldForTheNextClient() throws Exception {
        TcpPeer echo = fixture.echo();
        TcpRelay relay = start(to(echo).named("x"), echo);
        try (Socket first = connect(bound(relay))) {
            assertEchoes(first);

            change(relay, to(echo).limits(1, 1).named("x"), echo);
            assertRefused(relay, "limit reached: max_connections");

            change(
                    relay,
                    to(echo).access(List.of(block("192.0.2.0", 24)), List.of()).named("x"),
                    echo);
            assertRefused(relay, "127.0.0.1 is not in allow of \"x\"");

            change(relay, to(echo).named("x"), echo);
            assertThat(relay.counters().open()).isOne();
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void aRelayThatDrainsFreesItsAddressAndKeepsItsLinks() throws Exception {
        TcpPeer echo = fixture.echo();
        TcpRelay relay = start(to(echo).named("x"), echo);
        InetSocketAddress address = bound(relay);
        try (Socket client = connect(address)) {
            assertEchoes(client);

            relay.drain().toCompletableFuture().get(10, TimeUnit.SECONDS);

            awaitFree(address.getAddress(), address.getPort());
            assertEchoes(client);
        }
        Await.until(() -> relay.counters().open() == 0);
    }

    @Test
    void aPausedRelayResetsWhoComesKeepsItsPortAndItsLinksAndGoesOnWhenResumed() throws Exception {
        TcpPeer echo = fixture.echo();
        InetSocketAddress address = new InetSocketAddress(ip("127.0.0.1"), freePort());
        TcpRelay relay = start(at(echo, address.getPort()).named("x"), echo);
        try (Socket client = connect(address)) {
            assertEchoes(client);

            relay.pause();
            assertRefused(relay);
            assertThat(relay.counters().lastError().orElseThrow().text()).contains("the forward is paused");
            assertThatThrownBy(() -> new ServerSocket(address.getPort(), 1, address.getAddress()).close())
                    .isInstanceOf(BindException.class);
            assertEchoes(client);
            relay.resume();

            try (Socket next = connect(address)) {
                assertEchoes(next);
            }
            assertEchoes(client);
        }
    }

    @Test
    void anEditDoesNotWakeAPausedRelay() throws Exception {
        TcpPeer echo = fixture.echo();
        InetSocketAddress address = new InetSocketAddress(ip("127.0.0.1"), freePort());
        TcpRelay relay = start(at(echo, address.getPort()).named("x"), echo);
        relay.pause();

        change(relay, at(echo, address.getPort()).named("y"), echo);

        assertRefused(relay);
    }

    @Test
    void itsLinksAreToldWithWhatTheyMovedAndOneOfThemCanBeEnded() throws Exception {
        TcpPeer echo = fixture.echo();
        TcpRelay relay = start(to(echo).named("x"), echo);
        try (Socket client = connect(bound(relay));
                Socket other = connect(bound(relay))) {
            assertEchoes(other);
            client.getOutputStream().write(new byte[] {1, 2, 3});
            assertThat(client.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
            InetSocketAddress address = (InetSocketAddress) client.getLocalSocketAddress();

            List<ConnectionInfo> connections =
                    relay.connections().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(connections).hasSize(2);
            ConnectionInfo pairing = connections.stream()
                    .filter(one -> one.client().equals(address))
                    .findFirst()
                    .orElseThrow();
            assertThat(pairing.target()).isEqualTo("127.0.0.1:" + echo.port());
            assertThat(pairing.bytesIn()).isEqualTo(3);
            assertThat(pairing.bytesOut()).isEqualTo(3);
            assertThat(relay.clients().byClient(5)).containsExactly(new ConnectionLimits.Count("127.0.0.1", 2));

            assertThat(relay.end(address).toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isTrue();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(relay.end(address).toCompletableFuture().get(10, TimeUnit.SECONDS))
                    .isFalse();
            assertEchoes(other);
        }
    }

    private TcpPeer saying(String greeting) throws IOException {
        return fixture.serving(socket -> {
            socket.getOutputStream().write(greeting.getBytes(UTF_8));
            TcpPeer.echo(socket);
        });
    }

    private TcpRelay start(Forward forward, TcpPeer server) throws Exception {
        return fixture.start(new TcpRelay(forward, TargetSource.fixed(server.address()), fixture.context()));
    }

    private static void change(TcpRelay relay, Forward next, TcpPeer server) throws Exception {
        relay.change(next, TargetSource.fixed(server.address()))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        relay.start().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Forwards to(TcpPeer server) {
        return at(server, 0);
    }

    private static Forwards at(TcpPeer server, int port) {
        return Forwards.tcp().listen("127.0.0.1", port).toWsl(server.port());
    }

    private static InetSocketAddress bound(TcpRelay relay) {
        return RelayFixture.bound(relay).get(0);
    }
}
