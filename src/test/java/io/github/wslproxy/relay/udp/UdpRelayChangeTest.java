package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.awaitFreeForUdp;
import static io.github.wslproxy.testing.Loopback.freePortOfBoth;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an edit of the configuration does to a relay that runs. */
class UdpRelayChangeTest {
    private static final InetAddress LOCAL = ip("127.0.0.1");

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void sessionsFollowToAnotherTargetAndTheSocketStays() throws Exception {
        UdpPeer old = echo("old ");
        UdpPeer other = echo("new ");
        UdpRelay relay = start(to(old));
        InetSocketAddress before = bound(relay);
        UdpPeer client = fixture.use(UdpPeer.client(before));
        assertThat(client.ask("a")).isEqualTo("old a");

        change(relay, to(other));

        assertThat(bound(relay)).isEqualTo(before);
        assertThat(client.ask("b")).isEqualTo("new b");
        assertThat(relay.counters().accepted()).isOne();
    }

    @Test
    void anAddressThatIsNoLongerWantedIsFreeAndItsSessionsEnd() throws Exception {
        UdpPeer echo = echo("");
        UdpRelay relay = start(to(echo).listen("127.0.0.2", 0));
        InetSocketAddress left = RelayFixture.bound(relay).get(1);
        assertThat(fixture.use(UdpPeer.client(left)).ask("a")).isEqualTo("a");

        change(relay, to(echo));

        awaitFreeForUdp(left.getAddress(), left.getPort());
        Await.until(() -> relay.counters().open() == 0);
        assertThat(RelayFixture.bound(relay)).hasSize(1);
    }

    @Test
    void aPausedRelayKeepsItsAddressEndsItsSessionsAndGoesOnWhenResumed() throws Exception {
        UdpPeer echo = echo("");
        InetSocketAddress address = new InetSocketAddress(LOCAL, freePortOfBoth());
        Forwards forward = Forwards.udp()
                .listen("127.0.0.1", address.getPort())
                .toWsl(echo.address().getPort());
        UdpRelay relay = start(forward);
        UdpPeer client = fixture.use(UdpPeer.client(address));
        assertThat(client.ask("a")).isEqualTo("a");

        relay.pause();
        Await.until(() -> relay.counters().open() == 0);
        client.send("lost");
        Await.until(() -> relay.counters().refused() == 1);
        assertThat(relay.counters().open()).isZero();
        assertThat(RelayFixture.bound(relay)).containsExactly(address);
        relay.resume();

        assertThat(client.askUntilAnswered("b")).isEqualTo("b");
    }

    @Test
    void itsSessionsAreToldAndOneOfThemCanBeEnded() throws Exception {
        UdpPeer echo = echo("");
        UdpRelay relay = start(to(echo));
        UdpPeer client = fixture.use(UdpPeer.client(bound(relay)));
        assertThat(client.ask("abc")).isEqualTo("abc");

        List<ConnectionInfo> connections =
                relay.connections().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(connections).singleElement().satisfies(pairing -> {
            assertThat(pairing.protocol()).isEqualTo(Protocol.UDP);
            assertThat(pairing.target()).isEqualTo("127.0.0.1:" + echo.address().getPort());
            assertThat(pairing.bytesIn()).isEqualTo(3);
            assertThat(pairing.bytesOut()).isEqualTo(3);
        });

        InetSocketAddress address = connections.get(0).client();
        assertThat(relay.end(address).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isTrue();
        assertThat(relay.counters().open()).isZero();
        assertThat(client.ask("d")).isEqualTo("d");
        assertThat(relay.counters().accepted()).isEqualTo(2);
    }

    private UdpPeer echo(String prefix) throws Exception {
        return fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), prefix));
    }

    private UdpRelay start(Forwards forward) throws Exception {
        return fixture.start(new UdpRelay(forward.named("x"), TargetSource.fixed(LOCAL), fixture.context()));
    }

    private static void change(UdpRelay relay, Forwards next) throws Exception {
        relay.change(next.named("x"), TargetSource.fixed(LOCAL))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        relay.start().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Forwards to(UdpPeer server) {
        return Forwards.udp().listen("127.0.0.1", 0).toWsl(server.address().getPort());
    }

    private static InetSocketAddress bound(UdpRelay relay) {
        return RelayFixture.bound(relay).get(0);
    }
}
