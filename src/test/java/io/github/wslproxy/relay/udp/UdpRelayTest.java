package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Await.until;
import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RecordedEvents;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client and a target see of a relay between them. */
class UdpRelayTest extends UdpRelayFixture {
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
}
