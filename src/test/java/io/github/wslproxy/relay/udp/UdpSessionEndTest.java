package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Await.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.relay.PortOwner;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** How long a session lasts, what its end leaves, and how many there may be. */
class UdpSessionEndTest extends UdpRelayFixture {
    @Test
    void aSessionEndsWhenBothSidesAreSilent() throws Exception {
        UdpPeer server = server(LOCAL);
        UdpRelay relay = start(on("127.0.0.1", server).udpIdleTimeout(Duration.ofMillis(300)), LOCAL);
        UdpPeer client = client(relay);
        client.send("one");
        InetSocketAddress first = server.receive().from();
        until(() -> relay.counters().open() == 0);
        client.send("two");
        assertThat(server.receive().from()).isNotEqualTo(first);
        assertThat(relay.counters().accepted()).isEqualTo(2);
    }

    @Test
    void theIdleTimeHoldsToTheMomentThoughNoSweepHasComeBy() throws Exception {
        UdpPeer server = server(LOCAL);
        RelayContext sweptHourly = RelayContext.of(
                fixture.context().loops(),
                Duration.ofHours(1),
                fixture.context().localAddresses(),
                fixture.hostAdapter(),
                fixture.context().limits(),
                PortOwner.UNKNOWN);
        Duration idle = Duration.ofMillis(200);
        Forward forward = on("127.0.0.1", server).udpIdleTimeout(idle).named("test");
        UdpRelay relay = fixture.start(new UdpRelay(forward, TargetSource.fixed(LOCAL), sweptHourly));
        UdpPeer client = client(relay);
        client.send("before");
        InetSocketAddress first = server.receive().from();
        Thread.sleep(idle.toMillis() + 1);

        client.send("after");

        assertThat(server.receive().from()).isNotEqualTo(first);
        assertThat(relay.counters().accepted()).isEqualTo(2);
        assertThat(relay.counters().open()).isOne();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void activityInOneDirectionKeepsASession(boolean clientSpeaks) throws Exception {
        UdpPeer server = server(LOCAL);
        Duration idle = Duration.ofMillis(800);
        UdpRelay relay = start(on("127.0.0.1", server).udpIdleTimeout(idle), LOCAL);
        UdpPeer client = client(relay);
        client.send("hello");
        InetSocketAddress session = server.receive().from();
        long end = System.nanoTime() + 3 * idle.toNanos();
        while (System.nanoTime() < end) {
            if (clientSpeaks) {
                client.send("tick");
                assertThat(server.receive().from()).isEqualTo(session);
            } else {
                server.sendTo(session, "tick");
                assertThat(client.receive().text()).isEqualTo("tick");
            }
        }
        assertThat(relay.counters().accepted()).isOne();
        until(() -> relay.counters().open() == 0);
    }

    @Test
    void theCapOfAForwardHoldsAndASlotComesBackWithTheEndOfASession() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        Forwards forward = on("127.0.0.1", server).limits(2, 2).udpIdleTimeout(Duration.ofMillis(700));
        UdpRelay relay = start(forward, LOCAL);
        UdpPeer one = client(relay);
        UdpPeer two = client(relay);
        UdpPeer three = client(relay);
        for (int i = 0; i < 2; i++) { // Who has had one exchange only would give way.
            one.ask("1");
            two.ask("2");
        }
        three.send("3");
        until(() -> relay.counters().refused() == 1);
        assertThat(one.ask("still mine")).isEqualTo("still mine");
        assertThat(relay.counters().accepted()).isEqualTo(2);
        assertThat(relay.counters().lastError())
                .hasValueSatisfying(error -> assertThat(error.text()).contains("max_sessions"));
        assertThat(three.askUntilAnswered("now")).isEqualTo("now");
    }

    @Test
    void theCapOfAClientHindersNoOtherClientAndDoesNotCountThisComputer() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay relay = start(on("127.0.0.1", server).limits(100, 1), LOCAL);
        for (int exchanges = 0; exchanges < 2; exchanges++) {
            UdpEvictionTest.hear(relay, "10.99.0.1", 5000);
            UdpEvictionTest.answer(relay, server.address());
        }
        UdpEvictionTest.hear(relay, "10.99.0.1", 5001);
        assertThat(relay.counters().refused()).isOne();
        Await.until(() -> {
            // An answer that cannot be sent to that address may be the newer problem.
            UdpEvictionTest.hear(relay, "10.99.0.1", 5001);
            return relay.counters()
                    .lastError()
                    .filter(error -> error.text().contains("max_sessions_per_client"))
                    .isPresent();
        });
        assertThat(client(relay).ask("hello")).isEqualTo("hello");
        assertThat(client(relay).ask("this computer is not counted")).isEqualTo("this computer is not counted");
    }

    @Test
    void stopEndsSessionsAndListeners() throws Exception {
        UdpRelay relay = relayTo(fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "")));
        InetSocketAddress listener = bound(relay);
        for (int i = 0; i < 20; i++) {
            client(relay).ask("hello");
        }
        RelayFixture.stop(relay, Duration.ofSeconds(5));
        assertThat(relay.counters().open()).isZero();
        assertThat(relay.counters().bytesIn()).isEqualTo(100);
        assertThat(relay.counters().bytesOut()).isEqualTo(100);
        fixture.use(UdpPeer.server(listener)); // Binds only if nobody listens there.
        RelayFixture.stop(relay, Duration.ZERO);
    }

    @Test
    void aSessionLeavesOneLineInTheLog() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(UdpRelay.class);
        ListAppender<ILoggingEvent> lines = new RecordedEvents();
        lines.start();
        log.setLevel(Level.INFO);
        log.addAppender(lines);
        try {
            UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "echo "));
            UdpRelay relay = relayTo(server);
            client(relay).ask("hello");
            RelayFixture.stop(relay, Duration.ZERO);
            assertThat(lines.list)
                    .singleElement()
                    .extracting(ILoggingEvent::getFormattedMessage, STRING)
                    .matches("\\[test] 127\\.0\\.0\\.1:\\d+ -> 127\\.0\\.0\\.1:"
                            + server.address().getPort()
                            + " udp ended after \\d+\\.\\d s: wslproxy, or its forward, has stopped;"
                            + " datagrams: 1 in \\(5 bytes\\), 1 out \\(10 bytes\\)");
        } finally {
            log.detachAppender(lines);
            log.setLevel(null);
        }
    }
}
