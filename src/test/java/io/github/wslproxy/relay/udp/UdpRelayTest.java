package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Await.until;
import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
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
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What a client and a target see of a relay between them. */
class UdpRelayTest {
    private static final InetAddress LOCAL = ip("127.0.0.1");
    private static final InetAddress LOCAL_2 = ip("127.0.0.2");
    private static final InetAddress LOCAL_V6 = ip("::1");
    private static final Duration NEVER = Duration.ofMillis(300);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1472, 2048, 2049, 9000, 65_507})
    void datagramsOfEachSizePassUnchangedTwiceInARow(int size) throws Exception {
        UdpPeer server = server(LOCAL);
        UdpPeer client = client(relayTo(server));
        byte[][] sent = {random(size), random(size)};
        client.send(sent[0]);
        client.send(sent[1]);
        for (byte[] expected : sent) {
            assertThat(server.receive().payload()).isEqualTo(expected);
        }

        UdpPeer echo = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpPeer talker = client(relayTo(echo));
        talker.send(sent[0]);
        talker.send(sent[1]);
        for (byte[] expected : sent) {
            assertThat(talker.receive().payload()).isEqualTo(expected);
        }
    }

    @Test
    void aDatagramTooLargeForTheTargetsFamilyIsCountedAndTheSessionLives() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), ""));
        UdpRelay relay = start(on("::1", server), LOCAL);
        UdpPeer client = client(relay);
        client.send(new byte[65_508]); // IPv6 carries 65,527 bytes, IPv4 only 65,507.
        assertThat(client.ask("still there?")).isEqualTo("still there?");
        assertThat(relay.counters().accepted()).isOne();
        assertThat(relay.counters().lastError()).isPresent();
    }

    @Test
    void anAnswerTooLargeForTheClientsFamilyLeavesTheListenerOpen() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL_V6), "prefix"));
        UdpRelay relay = start(on("127.0.0.1", server), LOCAL_V6);
        UdpPeer client = client(relay);
        client.send(new byte[65_507]);
        assertThat(client.ask("small")).isEqualTo("prefixsmall");
        assertThat(relay.counters().lastError()).isPresent();
        assertThat(relay.counters().accepted()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1", "127.0.0.1,::1", "::1,127.0.0.1", "::1,::1"})
    void relaysBetweenTheFamilies(String listen, String target) throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(ip(target)), "echo "));
        assertThat(client(start(on(listen, server), ip(target))).ask("hello")).isEqualTo("echo hello");
    }

    @Test
    void manyClientsGetOnlyTheirOwnAnswers() throws Exception {
        UdpRelay relay = relayTo(fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "to ")));
        List<UdpPeer> clients = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            clients.add(client(relay));
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).send(i + "/" + round);
            }
            for (int i = 0; i < clients.size(); i++) {
                assertThat(clients.get(i).receive().text()).isEqualTo("to " + i + "/" + round);
            }
        }
        assertThat(relay.counters().open()).isEqualTo(500);
    }

    @Test
    void oneClientSocketKeepsItsPortAtTheTargetAndAnotherGetsAnother() throws Exception {
        UdpPeer server = server(LOCAL);
        UdpRelay relay = relayTo(server);
        UdpPeer one = client(relay);
        UdpPeer two = client(relay);
        one.send("first");
        InetSocketAddress first = server.receive().from();
        one.send("again");
        assertThat(server.receive().from()).isEqualTo(first);
        two.send("other");
        assertThat(server.receive().from()).isNotEqualTo(first);
        assertThat(relay.counters().open()).isEqualTo(2);
    }

    @Test
    void theTargetMaySendUnaskedOnceItKnowsTheClient() throws Exception {
        UdpPeer server = server(LOCAL);
        UdpPeer client = client(relayTo(server));
        client.send("subscribe");
        InetSocketAddress session = server.receive().from();
        for (int i = 0; i < 5; i++) {
            server.sendTo(session, "event " + i);
            assertThat(client.receive().text()).isEqualTo("event " + i);
        }
    }

    @Test
    void onlyTheTargetsOwnPortIsRelayedBack() throws Exception {
        UdpPeer server = server(LOCAL);
        UdpPeer stranger = server(LOCAL);
        UdpRelay relay = relayTo(server);
        UdpPeer client = client(relay);
        client.send("hello");
        InetSocketAddress session = server.receive().from();
        InetSocketAddress reachable = new InetSocketAddress(LOCAL, session.getPort());
        stranger.sendTo(reachable, "from another port");
        assertThat(client.receive(NEVER)).isEmpty();
        server.sendTo(reachable, "from the target");
        assertThat(client.receive().text()).isEqualTo("from the target");
        assertThat(relay.counters().lastError()).hasValueSatisfying(error -> assertThat(error.text())
                .contains(String.valueOf(stranger.address().getPort())));
    }

    @Test
    void aTargetThatOpensItsPortLateIsReachedByTheSameSession() throws Exception {
        int port = UdpPeer.freePort();
        UdpRelay relay = start(Forwards.udp().listen("127.0.0.1", 0).toWsl(port), LOCAL);
        UdpPeer client = client(relay);
        client.send("nobody there");
        client.send("nobody there");
        fixture.use(UdpPeer.echo(new InetSocketAddress(LOCAL, port), "echo "));
        assertThat(client.askUntilAnswered("now")).startsWith("echo ");
        assertThat(relay.counters().accepted()).isOne();
    }

    @Test
    void aTargetThatRestartsIsReachedAgain() throws Exception {
        UdpPeer server = fixture.use(UdpPeer.echo(UdpPeer.anyPort(LOCAL), "old "));
        UdpRelay relay = relayTo(server);
        UdpPeer client = client(relay);
        assertThat(client.ask("1")).isEqualTo("old 1");
        InetSocketAddress address = server.address();
        server.close();
        client.send("2");
        client.send("3");
        fixture.use(UdpPeer.echo(address, "new "));
        assertThat(client.askUntilAnswered("4")).startsWith("new ");
        assertThat(relay.counters().accepted()).isOne();
    }

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

    @Test
    void answersFromAnotherPortOfTheTargetAreCountedAndSaidOnce() throws Exception {
        RecordedEvents lines = captured();
        try {
            UdpPeer server = server(LOCAL);
            UdpPeer transfer = server(LOCAL);
            UdpRelay relay = relayTo(server);
            UdpPeer client = client(relay);
            client.send("read request");
            InetSocketAddress session = server.receive().from();
            for (int i = 0; i < 5; i++) {
                transfer.sendTo(new InetSocketAddress(LOCAL, session.getPort()), "data " + i);
            }
            until(() -> relay.counters()
                    .lastError()
                    .filter(error -> error.text().endsWith("(so far: 5)"))
                    .isPresent());

            assertThat(client.receive(NEVER)).isEmpty();
            assertThat(lines.list)
                    .singleElement()
                    .extracting(ILoggingEvent::getFormattedMessage, STRING)
                    .contains("[test] the target answers from port "
                            + transfer.address().getPort() + ", not from "
                            + server.address().getPort());
        } finally {
            release(lines);
        }
    }

    private static RecordedEvents captured() {
        Logger log = (Logger) LoggerFactory.getLogger(UdpRelay.class);
        RecordedEvents lines = new RecordedEvents();
        lines.start();
        log.setLevel(Level.WARN);
        log.addAppender(lines);
        return lines;
    }

    private static void release(RecordedEvents lines) {
        Logger log = (Logger) LoggerFactory.getLogger(UdpRelay.class);
        log.detachAppender(lines);
        log.setLevel(null);
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
    void aClientThatIsNotAllowedReachesNobody() throws Exception {
        UdpPeer server = server(LOCAL);
        UdpRelay relay = start(
                on("127.0.0.1", server).access(List.of(block("0.0.0.0", 0)), List.of(block("127.0.0.2", 32))), LOCAL);
        UdpPeer denied = fixture.use(UdpPeer.client(LOCAL_2, bound(relay)));
        denied.send("let me in");
        until(() -> relay.counters().refused() == 1);
        client(relay).send("hello");
        assertThat(server.receive().text()).isEqualTo("hello");
        assertThat(relay.counters().accepted()).isOne();
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
        assertThat(relay.counters().lastError())
                .hasValueSatisfying(error -> assertThat(error.text()).contains("max_sessions_per_client"));
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

    private UdpRelay relayTo(UdpPeer server) throws Exception {
        return start(on("127.0.0.1", server), LOCAL);
    }

    private static Forwards on(String host, UdpPeer server) {
        return Forwards.udp().listen(host, 0).toWsl(server.address().getPort());
    }

    private UdpRelay start(Forwards forward, InetAddress target) throws Exception {
        return fixture.start(new UdpRelay(forward.named("test"), TargetSource.fixed(target), fixture.context()));
    }

    private UdpPeer client(UdpRelay relay) throws IOException {
        return fixture.use(UdpPeer.client(bound(relay)));
    }

    private UdpPeer server(InetAddress address) throws IOException {
        return fixture.use(UdpPeer.server(UdpPeer.anyPort(address)));
    }

    private static InetSocketAddress bound(UdpRelay relay) {
        return RelayFixture.bound(relay).get(0);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        ThreadLocalRandom.current().nextBytes(bytes);
        return bytes;
    }
}
