package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Await.until;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.io.File;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that ask once from each port, beside clients that talk. */
class UdpEvictionTest {
    private static final InetAddress LOCAL = ip("127.0.0.1");
    private static final int LOOKUPS = 20_000;

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "counts the descriptors in /proc")
    void twentyThousandLookupsAreAllAnsweredAndATalkBesideThemKeepsItsPort() throws Exception {
        UdpPeer dns = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay relay = start(to(dns));
        UdpPeer game = fixture.use(UdpPeer.client(bound(relay)));
        talk(game);
        UdpSession gameSession = sessions(relay).findFirst().orElseThrow();
        int descriptors = descriptors();
        int lookups = 0;
        for (int port = 2000; lookups < LOOKUPS; port++) {
            lookups += isAnswered(relay, port) ? 1 : 0;
            if (lookups % 100 == 0) {
                assertThat(game.ask("move " + port)).isEqualTo("move " + port);
            }
        }

        assertThat(relay.counters().refused()).isZero();
        assertThat(relay.counters().accepted()).isEqualTo(1 + LOOKUPS);
        assertThat(relay.counters().open()).isLessThanOrEqualTo(1024);
        assertThat(descriptors() - descriptors).isLessThan(1024 + 50);
        assertThat(sessions(relay)).contains(gameSession);
    }

    /** False where the port belongs to somebody else. */
    private static boolean isAnswered(UdpRelay relay, int port) throws Exception {
        try (UdpPeer lookup = UdpPeer.client(new InetSocketAddress(LOCAL, port), bound(relay))) {
            assertThat(lookup.ask("query " + port)).isEqualTo("query " + port);
            return true;
        } catch (BindException taken) {
            return false;
        }
    }

    @Test
    void aNeighbourThatAsksFromNewPortsIsServedWithinItsCap() throws Exception {
        UdpPeer dns = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay relay = start(to(dns).limits(1024, 128));

        for (int port = 10_000; port < 11_000; port++) {
            hear(relay, "10.99.0.1", port);
        }

        assertThat(relay.counters().refused()).isZero();
        assertThat(relay.counters().accepted()).isEqualTo(1000);
        assertThat(relay.counters().open()).isEqualTo(128);
    }

    @Test
    void forgedSendersThatAreNeverAnsweredKeepNobodyOutAndEndNoTalk() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.server(UdpPeer.anyPort(LOCAL)));
        UdpRelay relay = start(to(server).limits(100, 100));
        UdpPeer game = fixture.use(UdpPeer.client(bound(relay)));
        InetSocketAddress gamePort = null;
        for (int i = 0; i < 2; i++) {
            game.send("move");
            gamePort = server.receive().from();
            server.sendTo(gamePort, "moved");
            assertThat(game.receive().text()).isEqualTo("moved");
        }
        for (int i = 0; i < 1000; i++) {
            hear(relay, "10.99." + i / 250 + "." + (1 + i % 250), 5000);
            server.receive();
        }

        UdpPeer late = fixture.use(UdpPeer.client(bound(relay)));
        late.send("hello");
        UdpPeer.Datagram hello = server.receive();
        server.sendTo(hello.from(), "served");
        assertThat(late.receive().text()).isEqualTo("served");
        game.send("move");
        assertThat(server.receive().from()).isEqualTo(gamePort);
        assertThat(relay.counters().open()).isEqualTo(100);
        assertThat(relay.counters().refused()).isZero();
    }

    @Test
    void whereAllTalkANewcomerIsRefused() throws Exception {
        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay relay = start(to(echo).limits(2, 2));
        UdpPeer one = fixture.use(UdpPeer.client(bound(relay)));
        UdpPeer two = fixture.use(UdpPeer.client(bound(relay)));
        talk(one);
        talk(two);

        fixture.use(UdpPeer.client(bound(relay))).send("me too");

        until(() -> relay.counters().refused() == 1);
        assertThat(one.ask("still here")).isEqualTo("still here");
        assertThat(two.ask("still here")).isEqualTo("still here");
        assertThat(relay.counters().accepted()).isEqualTo(2);
    }

    @Test
    void theLookupsOfOneForwardGiveWayToTheClientsOfAnother() throws Exception {
        fixture.limit(new LimitSettings(1, 1, 10, 1));
        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay dns = start(to(echo));
        UdpRelay game = start(to(echo));
        for (int i = 0; i < 10; i++) {
            fixture.use(UdpPeer.client(bound(dns))).ask("query");
        }

        for (int i = 0; i < 10; i++) {
            talk(fixture.use(UdpPeer.client(bound(game))));
        }

        until(() -> dns.counters().open() == 0);
        assertThat(game.counters().open()).isEqualTo(10);
        assertThat(game.counters().refused()).isZero();
    }

    @Test
    void aSessionOfOneExchangeIsIdleAfterHalfAMinuteAndATalkAfterItsOwnTime() throws Exception {
        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay relay = start(to(echo).udpIdleTimeout(Duration.ofMinutes(5)));
        UdpPeer client = fixture.use(UdpPeer.client(bound(relay)));
        client.ask("first");
        UdpSession session = sessions(relay).findFirst().orElseThrow();
        long now = System.nanoTime();
        assertThat(session.isExpired(now + TimeUnit.SECONDS.toNanos(29))).isFalse();
        assertThat(session.isExpired(now + TimeUnit.SECONDS.toNanos(30))).isTrue();

        client.ask("second");
        now = System.nanoTime();

        assertThat(session.isExpired(now + TimeUnit.SECONDS.toNanos(299))).isFalse();
        assertThat(session.isExpired(now + TimeUnit.SECONDS.toNanos(300))).isTrue();
    }

    @Test
    void aShorterIdleTimeHoldsForAllAndNeverIsHalfAMinuteForLookups() throws Exception {
        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay quick = start(to(echo).udpIdleTimeout(Duration.ofSeconds(10)));
        fixture.use(UdpPeer.client(bound(quick))).ask("first");
        UdpRelay never = start(to(echo).udpIdleTimeout(Duration.ZERO));
        fixture.use(UdpPeer.client(bound(never))).ask("first");
        long now = System.nanoTime();

        assertThat(sessions(quick)).allMatch(session -> session.isExpired(now + TimeUnit.SECONDS.toNanos(10)));
        assertThat(sessions(never)).noneMatch(session -> session.isExpired(now + TimeUnit.SECONDS.toNanos(29)));
        assertThat(sessions(never)).allMatch(session -> session.isExpired(now + TimeUnit.SECONDS.toNanos(30)));
    }

    /** As if that client had sent a datagram: senders on loopback are this computer, whose ports are not counted. */
    static void hear(UdpRelay relay, String client, int port) throws Exception {
        UdpSessions table = relay.tables().iterator().next();
        table.listener()
                .eventLoop()
                .submit(() -> table.received(new InetSocketAddress(ip(client), port), ByteBuffer.wrap(new byte[1])))
                .get(10, TimeUnit.SECONDS);
    }

    /** As if the target had sent a datagram to every session. */
    static void answer(UdpRelay relay, InetSocketAddress target) throws Exception {
        UdpSessions table = relay.tables().iterator().next();
        table.listener()
                .eventLoop()
                .submit(() -> table.all().forEach(session -> session.received(target, ByteBuffer.wrap(new byte[1]))))
                .get(10, TimeUnit.SECONDS);
    }

    private static void talk(UdpPeer client) throws Exception {
        assertThat(client.ask("hello")).isEqualTo("hello");
        assertThat(client.ask("how are you")).isEqualTo("how are you");
    }

    private static Stream<UdpSession> sessions(UdpRelay relay) {
        return relay.tables().stream().flatMap(UdpSessions::all);
    }

    private static int descriptors() {
        String[] all = new File("/proc/self/fd").list();
        assertThat(all).isNotNull();
        return all.length;
    }

    private static InetSocketAddress bound(UdpRelay relay) {
        return RelayFixture.bound(relay).get(0);
    }

    private UdpRelay start(Forwards forward) throws Exception {
        return fixture.start(new UdpRelay(forward.named("x"), TargetSource.fixed(LOCAL), fixture.context()));
    }

    private static Forwards to(UdpPeer server) {
        return Forwards.udp().listen("127.0.0.1", 0).toWsl(server.address().getPort());
    }
}
