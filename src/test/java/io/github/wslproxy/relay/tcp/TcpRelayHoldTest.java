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

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.BlackHole;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client meets that comes while its VM is down, or has just come up. */
@Tag("slow")
class TcpRelayHoldTest {
    private static final int MIB = 1 << 20;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final TargetState DOWN = new TargetState.Down("Ubuntu is not running");

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final CurrentTarget target = new CurrentTarget(Clock.systemUTC(), DOWN);
    private final AtomicInteger wakeRequests = new AtomicInteger();

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
    void theServerMayNeedTimeAfterTheStartOfItsVm() throws Exception {
        int port = freePort();
        hold(LONG);
        TcpRelay relay = relayTo(port);
        try (Socket client = connect(relay)) {
            awaitWaiting(relay, 1);
            up("127.0.0.1");
            awaitFailedConnects(2);
            fixture.use(TcpPeer.atPort("127.0.0.1", port, TcpPeer::echo));
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

    @Test
    void aServerThatNeverListensIsTriedNoLongerThanHold() throws Exception {
        hold(Duration.ofSeconds(1));
        TcpRelay relay = relayTo(freePort());
        try (Socket client = connect(relay)) {
            awaitWaiting(relay, 1);
            up("127.0.0.1");
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        assertThat(relay.counters().lastError().orElseThrow().text())
                .contains("cannot connect to 127.0.0.1:")
                .endsWith("it was kept waiting for 1s");
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

    @Test
    void aServerThatRefusesRightAfterItsVmHasComeUpIsTriedAgainThoughNobodyWaitsOtherwise() throws Exception {
        int port = freePort();
        TcpRelay relay = relayTo(port);
        up("127.0.0.1");
        try (Socket client = connect(relay)) {
            client.getOutputStream().write("GET /".getBytes(UTF_8));
            awaitFailedConnects(2);
            fixture.use(TcpPeer.atPort("127.0.0.1", port, TcpPeer::echo));
            assertThat(client.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("GET /");
        }
        assertThat(wakeRequests.get()).isZero();
    }

    @Test
    void itIsTriedNoLongerThanTheConnectTimeout() throws Exception {
        TcpRelay relay =
                start(to(freePort()).connectTimeout(Duration.ofMillis(600)).named("x"));
        up("127.0.0.1");
        long began = System.nanoTime();
        assertRefused(relay);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(Duration.ofMillis(590), Duration.ofSeconds(4));
    }

    @Test
    void aServerThatRefusesInAVmThatHasRunForLongIsNotTriedAgain() throws Exception {
        CurrentTarget running = new CurrentTarget(Clock.systemUTC(), new TargetState.Unknown("not asked yet"));
        running.whileStopped(LONG, wakeRequests::incrementAndGet);
        running.publish(new TargetState.Up(ip("127.0.0.1"), "the first answer, of a VM that has run before"));
        TcpRelay relay = fixture.tcp(to(freePort()), running);
        assertRefused(relay); // Classes are loaded now.
        long began = System.nanoTime();
        assertRefused(relay);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void aTargetThatMovesDuringTheConnectIsDialledWhereItIsNow() throws Exception {
        try (BlackHole full = new BlackHole(ip("127.0.0.2"))) {
            fixture.use(TcpPeer.atPort("127.0.0.3", full.port(), TcpPeer::echo));
            target.publish(new TargetState.Up(ip("127.0.0.2"), "test"));
            TcpRelay relay = start(to(full.port()).connectTimeout(LONG).named("x"));
            try (Socket client = connect(relay)) {
                awaitConnecting(relay);
                up("127.0.0.3");
                assertEchoes(client);
            }
        }
    }

    @Test
    void aVmThatGoesDownDuringTheConnectIsWaitedFor() throws Exception {
        try (BlackHole full = new BlackHole(ip("127.0.0.2"))) {
            fixture.use(TcpPeer.atPort("127.0.0.3", full.port(), TcpPeer::echo));
            target.publish(new TargetState.Up(ip("127.0.0.2"), "test"));
            hold(LONG);
            TcpRelay relay = start(to(full.port()).connectTimeout(LONG).named("x"));
            try (Socket client = connect(relay)) {
                awaitConnecting(relay);
                target.publish(DOWN);
                awaitWaiting(relay, 1);
                up("127.0.0.3");
                assertEchoes(client);
            }
        }
    }

    @Test
    void clientsThatComeAndGoWhileTheVmComesAndGoesLeaveNothingOpen() throws Exception {
        TcpPeer echo = fixture.echo();
        hold(Duration.ofSeconds(2));
        TcpRelay relay = relayTo(echo.port());
        Random random = new Random(5);
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            if (i % 50 == 0) {
                target.publish(i % 100 == 0 ? DOWN : new TargetState.Up(ip("127.0.0.1"), "test"));
            }
            Socket client = connect(relay);
            clients.add(client);
            try {
                behave(client, random);
            } catch (SocketException hadItsShare) {
                // One client has half of the free places to wait in; beyond that it is reset, which may come at any
                // moment.
            }
        }
        up("127.0.0.1");
        for (Socket client : clients) {
            client.close();
        }
        Await.until(() -> relay.counters().open() == 0);
        Await.until(() -> budget() == 0);
    }

    private static void behave(Socket client, Random random) throws IOException {
        if (random.nextBoolean()) {
            client.getOutputStream().write(new byte[random.nextInt(3000)]);
        }
        switch (random.nextInt(4)) {
            case 0 -> client.close();
            case 1 -> {
                client.setOption(StandardSocketOptions.SO_LINGER, 0);
                client.close();
            }
            case 2 -> client.shutdownOutput();
            default -> client.setTcpNoDelay(true);
        }
    }

    private void hold(Duration hold) {
        target.whileStopped(hold, wakeRequests::incrementAndGet);
    }

    private void up(String address) {
        target.publish(new TargetState.Up(ip(address), "test"));
    }

    private final AtomicInteger failedConnects = new AtomicInteger();

    private void awaitFailedConnects(int count) throws Exception {
        Await.until(() -> failedConnects.get() >= count);
    }

    private TcpRelay relayTo(int port) throws Exception {
        return start(to(port).named("x"));
    }

    private TcpRelay start(Forward forward) throws Exception {
        target.onConnectFailed(failedConnects::incrementAndGet);
        return fixture.start(new TcpRelay(forward, target, fixture.context()));
    }

    private static Forwards to(int port) {
        return Forwards.tcp().listen("127.0.0.1", 0).toWsl(port);
    }

    private static void awaitWaiting(TcpRelay relay, int count) throws Exception {
        Await.until(() -> relay.connectQueue().waiting() == count);
    }

    private static void awaitConnecting(TcpRelay relay) throws Exception {
        Await.until(() -> relay.counters().open() > 0);
    }

    /** Until the loops have done what the sockets had for them. */
    private void awaitRead() throws Exception {
        Await.untilUnchanged(() -> 1 + budget(), Duration.ofMillis(100));
    }

    private long budget() {
        return fixture.context().loops().readBuffers().waiting();
    }

    private static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
