package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.TcpClients.assertEchoes;
import static io.github.wslproxy.testing.TcpClients.assertRefused;
import static io.github.wslproxy.testing.TcpClients.connect;
import static io.github.wslproxy.testing.TcpClients.connectFrom;
import static io.github.wslproxy.testing.TcpClients.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client meets that comes while its VM is down. */
@Tag("slow")
class TcpRelayHoldTest extends TcpRelayHoldFixture {
    @Test
    void aClientWaitsUntilTheVmIsUpAndLosesNothing() throws Exception {
        TcpPeer echo = fixture.echo();
        hold(LONG);
        TcpRelay relay = relayTo(echo.port());
        try (Socket client = connect(relay)) {
            client.getOutputStream().write("first ".getBytes(UTF_8));
            awaitWaiting(relay, 1);
            client.getOutputStream().write("second ".getBytes(UTF_8));
            awaitRead();
            up("127.0.0.1");
            client.getOutputStream().write("third".getBytes(UTF_8));

            assertThat(client.getInputStream().readNBytes(18)).asString(UTF_8).isEqualTo("first second third");
        }
        assertThat(wakeRequests.get()).isPositive();
        assertThat(relay.counters().refused()).isZero();
    }

    @Test
    void aClientWaitsAlsoBeforeTheFirstAnswerOfTheProbe() throws Exception {
        TcpPeer echo = fixture.echo();
        CurrentTarget unknown = new CurrentTarget(Clock.systemUTC(), new TargetState.Unknown("not asked yet"));
        unknown.whileStopped(LONG, wakeRequests::incrementAndGet);
        TcpRelay relay = fixture.tcp(to(echo.port()), unknown);
        try (Socket client = connect(relay)) {
            awaitWaiting(relay, 1);
            unknown.publish(new TargetState.Up(ip("127.0.0.1"), "test"));
            assertEchoes(client);
        }
    }

    @Test
    void aClientIsResetWhenItHasWaitedLongEnough() throws Exception {
        hold(Duration.ofMillis(400));
        TcpRelay relay = relayTo(freePort());
        long began = System.nanoTime();
        assertRefused(relay);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(390), Duration.ofSeconds(5));
        assertThat(relay.counters().refused()).isOne();
        assertThat(relay.counters().lastError().orElseThrow().text())
                .endsWith("its target is not there: Ubuntu is not running; it was kept waiting for 400ms");
    }

    @ParameterizedTest(name = "it sends \"{0}\" first")
    @ValueSource(strings = {"", "request"})
    void aClientThatHasEndedItsSideIsServedAll(String request) throws Exception {
        byte[] answer = random(3 * MIB);
        CompletableFuture<String> received = new CompletableFuture<>();
        TcpPeer server = fixture.serving(socket -> {
            received.complete(new String(socket.getInputStream().readAllBytes(), UTF_8));
            socket.getOutputStream().write(answer);
        });
        hold(LONG);
        TcpRelay relay = relayTo(server.port());
        try (Socket client = connect(relay)) {
            client.getOutputStream().write(request.getBytes(UTF_8));
            client.shutdownOutput();
            awaitWaiting(relay, 1);
            awaitRead();
            up("127.0.0.1");
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
        }
        assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(request);
    }

    @ParameterizedTest(name = "after {0} bytes")
    @ValueSource(ints = {0, 500})
    void aClientThatResetsWhileItWaitsGivesItsSlotBack(int bytes) throws Exception {
        hold(LONG);
        TcpRelay relay = relayTo(freePort());
        Socket client = connect(relay);
        client.getOutputStream().write(new byte[bytes]);
        awaitWaiting(relay, 1);
        awaitRead();
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();

        Await.until(() -> relay.counters().open() == 0);
        assertThat(budget()).isZero();
    }

    @Test
    void onlyALittleOfAnUploadIsReadWhileItsTargetIsNotThere() throws Exception {
        byte[] upload = random(8 * MIB);
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        TcpPeer server = fixture.serving(
                socket -> received.complete(socket.getInputStream().readAllBytes()));
        hold(LONG);
        TcpRelay relay = relayTo(server.port());
        try (Socket client = connect(relay)) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(client, upload));
            Await.untilUnchanged(this::budget, Duration.ofMillis(200));
            assertThat(budget()).isBetween(1L, 32L * 1024);
            up("127.0.0.1");
            sent.get(20, TimeUnit.SECONDS);
            client.shutdownOutput();
            assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(upload);
            assertThat(relay.counters().bytesIn()).isEqualTo(upload.length);
        }
        Await.until(() -> budget() == 0);
    }

    @Test
    void soManyWaitAndTheNextIsRefused() throws Exception {
        TcpPeer echo = fixture.echo();
        hold(LONG);
        TcpRelay relay = relayTo(echo.port());
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < ConnectQueue.MOST_WAITING; i++) {
            waiting.add(fixture.use(connectFrom("127.0.1." + (1 + i), relay)));
        }
        awaitWaiting(relay, ConnectQueue.MOST_WAITING);
        assertRefused(relay, "limit reached: of 64 clients that may wait, too many do already");

        up("127.0.0.1");
        for (Socket client : waiting) {
            assertEchoes(client);
        }
        target.publish(DOWN);
        Socket next = fixture.use(connect(relay));
        awaitWaiting(relay, 1);
        up("127.0.0.1");
        assertEchoes(next);
    }

    @Test
    void aClientThatWouldFillTheWaitingRoomLeavesPlacesToOthers() throws Exception {
        TcpPeer echo = fixture.echo();
        hold(LONG);
        TcpRelay relay = relayTo(echo.port());
        for (int i = 0; i < ConnectQueue.MOST_WAITING; i++) {
            fixture.use(connectFrom("127.0.0.7", relay));
        }
        Await.until(() -> relay.counters().refused() == ConnectQueue.MOST_WAITING / 2);

        Socket other = fixture.use(connectFrom("127.0.0.8", relay));
        awaitWaiting(relay, ConnectQueue.MOST_WAITING / 2 + 1);
        up("127.0.0.1");
        assertEchoes(other);
    }

    @Test
    void clientsThatWaitDoNotConnectAndThenTakeTurns() throws Exception {
        ProgramLimits totals = fixture.limit(new LimitSettings(1000, 2, 1000, 0));
        TcpPeer echo = fixture.echo();
        hold(LONG);
        TcpRelay relay = relayTo(echo.port());
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(fixture.use(connect(relay)));
        }
        awaitWaiting(relay, 20);
        assertThat(totals.connecting().used()).isZero();

        up("127.0.0.1");
        for (Socket client : waiting) {
            assertEchoes(client);
        }
        assertThat(totals.connecting().used()).isZero();
        assertThat(totals.connecting().refused()).isZero();
        assertThat(relay.counters().refused()).isZero();
    }

    @Test
    void aClientThatWaitsHoldsItsSlot() throws Exception {
        hold(LONG);
        TcpRelay relay = start(to(freePort()).limits(1, 1).named("x"));
        fixture.use(connect(relay));
        awaitWaiting(relay, 1);
        assertRefused(relay, "limit reached: max_connections");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"stop", "drain"})
    void clientsThatWaitAreResetAtOnceWhenTheRelayEnds(String how) throws Exception {
        hold(LONG);
        TcpRelay relay = relayTo(freePort());
        Socket client = fixture.use(connect(relay));
        client.getOutputStream().write(new byte[100]);
        awaitWaiting(relay, 1);
        awaitRead();

        CompletableFuture<Void> ended = (how.equals("stop") ? relay.stop(LONG) : relay.drain()).toCompletableFuture();

        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        ended.get(10, TimeUnit.SECONDS);
        assertThat(budget()).isZero();
    }

    @Test
    void anEditIsForClientsToCome() throws Exception {
        TcpPeer echo = fixture.echo();
        hold(LONG);
        TcpRelay relay = relayTo(echo.port());
        Socket before = fixture.use(connect(relay));
        awaitWaiting(relay, 1);
        hold(Duration.ZERO);
        assertRefused(relay);
        up("127.0.0.1");
        assertEchoes(before);
    }
}
