package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others could make of a relay: a mirror for datagrams, or a ball game (CVE-2024-2169). */
class UdpReflectionTest {
    private static final InetAddress LOCAL = ip("127.0.0.1");
    private static final InetAddress LOCAL_2 = ip("127.0.0.2");
    private static final Duration NEVER = Duration.ofMillis(300);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    void thePortOfTheTargetAtAnotherAddressIsNotTheTarget() throws Exception {
        UdpPeer server = server(LOCAL);
        UdpRelay relay = relayTo(server);
        UdpPeer client = client(relay);
        client.send("hello");
        InetSocketAddress session = atLocal(server.receive().from());

        UdpPeer stranger = fixture.use(UdpPeer.server(new InetSocketAddress(LOCAL_2, port(server))));
        for (int i = 0; i < 100; i++) {
            stranger.sendTo(session, "not asked for");
        }
        assertThat(client.receive(NEVER)).isEmpty();

        server.sendTo(session, "asked for");
        assertThat(client.receive().text()).isEqualTo("asked for");
        Await.until(() -> relay.counters().bytesOut() == "asked for".length());
    }

    @Test
    void whatComesAfterTheEndOfASessionReachesNobody() throws Exception {
        UdpPeer server = server(LOCAL);
        UdpRelay relay = start(to(server).udpIdleTimeout(Duration.ofMillis(100)));
        UdpPeer client = client(relay);
        client.send("hello");
        InetSocketAddress session = atLocal(server.receive().from());
        Await.until(() -> relay.counters().open() == 0);

        server.sendTo(session, "late");

        assertThat(client.receive(NEVER)).isEmpty();
    }

    @Test
    void oneDatagramIsAnsweredByNoMoreThanTheTargetSends() throws Exception {
        UdpPeer server = server(LOCAL);
        UdpRelay relay = relayTo(server);
        UdpPeer client = client(relay);
        client.send("hello");
        server.sendTo(atLocal(server.receive().from()), "hello yourself");

        assertThat(client.receive().text()).isEqualTo("hello yourself");
        assertThat(client.receive(NEVER)).isEmpty();
    }

    @Test
    void aTargetThatSpeaksToItsOwnForwardDoesNotPlayBallWithItself() throws Exception {
        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay relay = relayTo(echo);

        echo.sendTo(bound(relay), "ping");

        assertNoBallGame(relay);
        assertThat(relay.counters().refused()).isOne();
        assertThat(client(relay).ask("others are served")).isEqualTo("others are served");
    }

    /** A name has them: a forged sender would have its servers talk to each other for ever. */
    @Test
    void noAddressOfTheTargetIsAClient() throws Exception {
        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpPeer other = fixture.use(UdpPeer.echo(new InetSocketAddress(LOCAL_2, port(echo)), ""));
        TargetState both = new TargetState.Up(List.of(LOCAL, LOCAL_2), "test");
        UdpRelay relay = fixture.start(new UdpRelay(to(echo).named("x"), () -> both, fixture.context()));

        other.sendTo(bound(relay), "ping");

        assertNoBallGame(relay);
        assertThat(relay.counters().refused()).isOne();
        assertThat(client(relay).ask("others are served")).isEqualTo("others are served");
    }

    /** As when a datagram with a forged sender comes in: the client of one forward is the listener of another. */
    @Test
    void twoForwardsAreNotEachOthersClients() throws Exception {
        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpPeer silent = server(LOCAL);
        UdpRelay one = relayTo(silent);
        UdpPeer former = UdpPeer.client(LOCAL, bound(one));
        int port = former.address().getPort();
        former.send("hello");
        InetSocketAddress session = atLocal(silent.receive().from());
        former.close();
        UdpRelay other = start(Forwards.udp().listen("127.0.0.1", port).toWsl(port(echo)));

        silent.sendTo(session, "for the former client");

        Await.until(() -> other.counters().refused() == 1);
        assertNoBallGame(other);
        assertThat(other.counters().accepted()).isZero();
        assertThat(client(other).ask("others are served")).isEqualTo("others are served");
    }

    /** Their servers answer answers too: a forged sender would have one talk to the target for ever. */
    @ParameterizedTest
    @ValueSource(ints = {7, 13, 17, 19, 37})
    void aServerOfALegacyServiceIsNobodysClient(int port) throws Exception {
        UdpRelay relay = relayTo(fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "")));
        UdpSocket listener = relay.tables().iterator().next().listener();
        UdpSessions sessions = relay.tables().iterator().next();

        listener.eventLoop()
                .submit(() -> sessions.received(new InetSocketAddress(LOCAL_2, port), ByteBuffer.allocate(4)))
                .get(10, TimeUnit.SECONDS);

        assertThat(relay.counters().accepted()).isZero();
        assertThat(relay.counters().lastError())
                .hasValueSatisfying(error -> assertThat(error.text()).contains("it comes from port " + port + " ("));
    }

    private static void assertNoBallGame(UdpRelay relay) throws Exception {
        Thread.sleep(NEVER.toMillis());
        assertThat(relay.counters().bytesIn()).isLessThan(100);
        assertThat(relay.counters().bytesOut()).isLessThan(100);
    }

    private UdpRelay relayTo(UdpPeer server) throws Exception {
        return start(to(server));
    }

    private static Forwards to(UdpPeer server) {
        return Forwards.udp().listen("127.0.0.1", 0).toWsl(port(server));
    }

    private UdpRelay start(Forwards forward) throws Exception {
        return fixture.start(new UdpRelay(forward.named("x"), TargetSource.fixed(LOCAL), fixture.context()));
    }

    private UdpPeer client(UdpRelay relay) throws Exception {
        return fixture.use(UdpPeer.client(bound(relay)));
    }

    private UdpPeer server(InetAddress address) throws Exception {
        return fixture.use(UdpPeer.server(UdpPeer.anyPort(address)));
    }

    private static int port(UdpPeer peer) {
        return peer.address().getPort();
    }

    private static InetSocketAddress bound(UdpRelay relay) {
        return RelayFixture.bound(relay).get(0);
    }

    private static InetSocketAddress atLocal(InetSocketAddress session) {
        return new InetSocketAddress(LOCAL, session.getPort());
    }
}
