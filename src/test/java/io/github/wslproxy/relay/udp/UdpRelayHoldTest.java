package io.github.wslproxy.relay.udp;

import static io.github.wslproxy.testing.Await.until;
import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.UdpPeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of datagrams whose VM is down. */
@Tag("slow")
class UdpRelayHoldTest {
    private static final InetAddress LOCAL = ip("127.0.0.1");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration NEVER = Duration.ofMillis(300);
    private static final TargetState DOWN = new TargetState.Down("Ubuntu is not running");

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final CurrentTarget target = new CurrentTarget(Clock.systemUTC(), DOWN);
    private final AtomicInteger wanted = new AtomicInteger();

    @Test
    void theNewestFewOfANewClientArriveInOrderWhenTheVmIsUp() throws Exception {
        UdpPeer server = server();
        hold(LONG);
        UdpRelay relay = start(to(server).named("x"));
        UdpPeer client = client(relay);
        for (int i = 0; i < 12; i++) {
            client.send("question " + i);
        }
        until(() -> bytesKept() > 0 && wanted.get() >= 12);
        up();

        for (int i = 4; i < 12; i++) {
            assertThat(server.receive().text()).isEqualTo("question " + i);
        }
        client.send("after");
        UdpPeer.Datagram last = server.receive();
        assertThat(last.text()).isEqualTo("after");
        server.sendTo(last.from(), "answer");
        assertThat(client.receive().text()).isEqualTo("answer");
        assertThat(relay.counters().accepted()).isOne();
        assertThat(bytesKept()).isZero();
    }

    @Test
    void emptyAndLargestDatagramsAreKeptUnchanged() throws Exception {
        UdpPeer server = server();
        hold(LONG);
        UdpRelay relay = start(to(server).named("x"));
        byte[] largest = new byte[65_507];
        largest[65_506] = 7;
        UdpPeer one = client(relay);
        one.send(largest);
        until(() -> wanted.get() >= 1);
        up();
        assertThat(server.receive().payload()).isEqualTo(largest);

        target.publish(DOWN);
        UdpPeer other = client(relay);
        other.send("");
        until(() -> bytesKept() > 0);
        up();
        assertThat(server.receive().payload()).isEmpty();
    }

    @Test
    void aSessionThatWasOpenBeforeKeepsItsDatagramsToo() throws Exception {
        UdpPeer server = server();
        hold(LONG);
        up();
        UdpRelay relay = start(to(server).named("x"));
        UdpPeer client = client(relay);
        client.send("before");
        InetSocketAddress session = server.receive().from();

        target.publish(DOWN);
        client.send("meanwhile");
        until(() -> bytesKept() > 0);
        up();

        UdpPeer.Datagram arrived = server.receive();
        assertThat(arrived.text()).isEqualTo("meanwhile");
        assertThat(arrived.from()).isEqualTo(session);
    }

    @Test
    void aClientWhoseTargetDoesNotComeUpLosesItsSessionAndTheDatagrams() throws Exception {
        UdpPeer server = server();
        hold(Duration.ofMillis(200));
        UdpRelay relay = start(to(server).named("x"));
        UdpPeer client = client(relay);
        client.send("too early");
        until(() -> relay.counters().refused() == 1 && relay.counters().open() == 0);

        assertThat(bytesKept()).isZero();
        assertThat(relay.counters().lastError().orElseThrow().text())
                .endsWith("its target is not there: Ubuntu is not running; datagrams kept for 200ms: 1");
        up();
        assertThat(server.receive(NEVER)).isEmpty();
        client.send("in time");
        assertThat(server.receive().text()).isEqualTo("in time");
    }

    @Test
    void aFloodOfSourcesIsCappedAndWhatItKeepsIsBounded() throws Exception {
        UdpPeer server = server();
        hold(Duration.ofSeconds(3));
        UdpRelay relay = start(to(server).limits(100, 100).named("x"));
        for (int i = 0; i < 150; i++) {
            UdpPeer source = client(relay);
            source.send(new byte[1400]);
            source.send(new byte[1400]);
            int sources = i + 1;
            until(() -> relay.counters().accepted() + relay.counters().refused() >= sources);
        }

        assertThat(relay.counters().open()).isLessThanOrEqualTo(100);
        assertThat(bytesKept()).isLessThanOrEqualTo(256 * 1024);
        until(() -> relay.counters().open() == 0);
        assertThat(bytesKept()).isZero();
    }

    @Test
    void nobodyIsWantedByAClientThatMayNotComeIn() throws Exception {
        hold(LONG);
        UdpRelay relay = start(
                to(server()).access(List.of(block("192.0.2.0", 24)), List.of()).named("x"));
        client(relay).send("knock");
        until(() -> relay.counters().refused() == 1);

        assertThat(wanted).hasValue(0);
        assertThat(bytesKept()).isZero();
    }

    @Test
    void anotherTargetGetsWhatWasKeptForTheOld() throws Exception {
        UdpPeer server = server();
        hold(LONG);
        Forward forward = to(server).named("x");
        UdpRelay relay = start(forward);
        client(relay).send("kept");
        until(() -> bytesKept() > 0);

        relay.change(forward, TargetSource.fixed(LOCAL)).toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(server.receive().text()).isEqualTo("kept");
    }

    @Test
    void whatIsKeptIsGoneWhenTheRelayStops() throws Exception {
        hold(LONG);
        UdpRelay relay = start(to(server()).named("x"));
        client(relay).send("kept");
        until(() -> bytesKept() > 0);

        RelayFixture.stop(relay, LONG);

        assertThat(bytesKept()).isZero();
        assertThat(relay.tables()).isEmpty();
    }

    private int bytesKept() {
        return fixture.context().limits().held().used();
    }

    private void hold(Duration hold) {
        target.whileStopped(hold, wanted::incrementAndGet);
    }

    private void up() {
        target.publish(new TargetState.Up(LOCAL, "test"));
    }

    private UdpPeer server() throws Exception {
        return fixture.use(UdpPeer.server(UdpPeer.anyPort(LOCAL)));
    }

    private UdpRelay start(Forward forward) throws Exception {
        return fixture.start(new UdpRelay(forward, target, fixture.context()));
    }

    private UdpPeer client(UdpRelay relay) throws Exception {
        return fixture.use(UdpPeer.client(RelayFixture.bound(relay).get(0)));
    }

    private static Forwards to(UdpPeer server) {
        return Forwards.udp().listen("127.0.0.1", 0).toWsl(server.address().getPort());
    }
}
