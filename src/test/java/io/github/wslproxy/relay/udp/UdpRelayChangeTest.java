package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.awaitFreeForUdp;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Case;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an edit of the configuration does to a relay that runs. */
@Case(37)
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
