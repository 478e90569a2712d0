package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.LoopGuards;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.relay.tcp.TcpDialer.ConnectResult;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.BlackHole;
import io.github.wslproxy.testing.Forwards;
import io.github.wslproxy.testing.RelayFixture;
import io.github.wslproxy.testing.TcpPeer;
import io.netty.channel.IoEventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One client's way to its target. The target is real, where it is comes from a script. */
class TargetConnectorTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final RelayFixture fixture = new RelayFixture();

    private final Queue<Refusal> waits = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ends = new AtomicInteger();
    private final LoopGuard loopGuard = new LoopGuard(new LocalAddresses());
    private Duration connectTimeout = Duration.ofSeconds(5);
    private ProgramLimits totals;
    private ConnectQueue queue;
    private IoEventLoop loop;

    @SuppressWarnings("NullAway.Init") // Set by connect().
    private TargetConnector connector;

    @BeforeEach
    void oneConnectAtATime() {
        totals = fixture.limit(new LimitSettings(100, 1, 100, 0));
        queue = new ConnectQueue(totals);
        loop = fixture.context().loops().group().next();
    }

    @Test
    void aTargetThatAnswersIsConnectedToAtOnce() throws Exception {
        TcpPeer server = echo();
        FakeTargetSource source = FakeTargetSource.at(server.address());

        TcpSocket target = connected(connect(source, server.port()));

        assertThat(target.remoteAddress()).isEqualTo(new InetSocketAddress(server.address(), server.port()));
        assertThat(target.eventLoop()).isSameAs(loop);
        assertThat(source.worked()).containsExactly(target.remoteAddress());
        assertThat(waits).isEmpty();
        assertThat(totals.connecting().used()).isZero();
    }

    @Test
    void aTargetThatRefusesIsReported() throws Exception {
        FakeTargetSource source = FakeTargetSource.at(ip("127.0.0.1"));
        int port = freePort();

        Refusal refusal = refusal(connect(source, port));

        assertThat(refusal.code()).isEqualTo(RefusalCode.CONNECT_FAILED);
        assertThat(refusal.text()).contains("127.0.0.1:" + port + ": Connection refused");
        assertThat(source.failures()).isOne();
        assertThat(waits).isEmpty();
        assertThat(totals.connecting().used()).isZero();
    }

    @Test
    void aTargetThatHasJustComeUpIsTriedAgain() throws Exception {
        FakeTargetSource source = FakeTargetSource.at(ip("127.0.0.1")).recentlyChanged(true);
        int port = freePort();
        CompletableFuture<ConnectResult> result = connect(source, port);
        Await.until(() -> source.failures() > 0);

        fixture.use(TcpPeer.atPort("127.0.0.1", port, TcpPeer::echo));

        connected(result);
        assertThat(waits.peek().code()).isEqualTo(RefusalCode.CONNECT_FAILED);
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void itIsTriedAgainNoLongerThanTheConnectTimeout() throws Exception {
        connectTimeout = SHORT;
        FakeTargetSource source = FakeTargetSource.at(ip("127.0.0.1")).recentlyChanged(true);

        Refusal refusal = refusal(connect(source, freePort()));

        assertThat(refusal.text()).endsWith("Connection refused; it was kept waiting for 300ms");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aVmThatIsStoppedIsNotWaitedForUnlessThatIsAskedFor() throws Exception {
        Refusal refusal = refusal(connect(FakeTargetSource.down(), 80));

        assertThat(refusal.code()).isEqualTo(RefusalCode.TARGET_DOWN);
        assertThat(waits).isEmpty();
    }

    @Test
    void aVmIsWokenWaitedForAndConnectedToOnceItIsUp() throws Exception {
        TcpPeer server = echo();
        FakeTargetSource source = FakeTargetSource.down().holdingFor(LONG);
        CompletableFuture<ConnectResult> result = connect(source, server.port());
        Await.until(() -> queue.waiting() == 1);
        assertThat(waits.peek().code()).isEqualTo(RefusalCode.TARGET_DOWN);
        assertThat(source.wakeRequests()).isPositive();

        source.publish(server.address());
        connector.reconsider();

        connected(result);
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aVmThatDoesNotComeUpIsWaitedForAsLongAsAsked() throws Exception {
        Refusal refusal = refusal(connect(FakeTargetSource.down().holdingFor(SHORT), 80));

        assertThat(refusal.code()).isEqualTo(RefusalCode.TARGET_DOWN);
        assertThat(refusal.text()).endsWith("; it was kept waiting for 300ms");
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void oneClientDoesNotTakeAllPlacesToWait() throws Exception {
        while (queue.beginWait(client())) {
            assertThat(queue.waiting()).isPositive();
        }
        int before = queue.waiting();

        Refusal refusal = refusal(connect(FakeTargetSource.down().holdingFor(LONG), 80));

        assertThat(refusal.code()).isEqualTo(RefusalCode.WAITING_LIMIT);
        assertThat(queue.waiting()).isEqualTo(before);
    }

    @Test
    void itWaitsItsTurnWhileAsManyConnectAsMay() throws Exception {
        TcpPeer server = echo();
        assertThat(queue.beginConnect()).isTrue();
        CompletableFuture<ConnectResult> result = connect(FakeTargetSource.at(server.address()), server.port());
        Await.until(() -> !waits.isEmpty());
        assertThat(waits.peek().code()).isEqualTo(RefusalCode.CONNECTING_LIMIT);
        assertThat(queue.waiting()).isZero();

        queue.connectEnded();

        connected(result);
        assertThat(totals.connecting().used()).isZero();
    }

    @Test
    void whoseTurnDoesNotComeIsRefusedAfterTheConnectTimeoutAndCounted() throws Exception {
        connectTimeout = SHORT;
        assertThat(queue.beginConnect()).isTrue();

        Refusal refusal = refusal(connect(FakeTargetSource.at(ip("127.0.0.1")), 80));

        assertThat(refusal.code()).isEqualTo(RefusalCode.CONNECTING_LIMIT);
        assertThat(totals.connecting().refused()).isOne();
    }

    @Test
    void aTargetThatMovesDuringTheConnectIsConnectedToWhereItIsNow() throws Exception {
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.2")));
        TcpPeer server = fixture.use(TcpPeer.atPort("127.0.0.3", hole.port(), TcpPeer::echo));
        FakeTargetSource source = FakeTargetSource.at(ip("127.0.0.2"));
        CompletableFuture<ConnectResult> result = connect(source, hole.port());
        Await.until(() -> totals.connecting().used() == 1);

        source.publish(server.address());
        connector.reconsider();

        assertThat(connected(result).remoteAddress().getAddress()).isEqualTo(server.address());
        assertThat(totals.connecting().used()).isZero();
    }

    @Test
    void aVmThatTurnsOutToBeStoppedIsWaitedForThoughLocalhostHasRefused() throws Exception {
        connectTimeout = Duration.ofSeconds(1);
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.2")));
        TcpPeer server = fixture.use(TcpPeer.atPort("127.0.0.3", hole.port(), TcpPeer::echo));
        FakeTargetSource source = FakeTargetSource.at(ip("127.0.0.2"), ip("127.0.0.1"))
                .withRelayAt(ip("127.0.0.1"))
                .holdingFor(LONG);
        CompletableFuture<ConnectResult> result = connect(source, hole.port());
        Await.until(() -> source.failures() > 0);
        Thread.sleep(500); // The probe takes a moment.
        assertThat(result).isNotDone();

        source.publish(new TargetState.Down("stopped"));
        connector.reconsider();
        Await.until(() -> source.wakeRequests() > 0 && totals.connecting().used() == 0);
        Thread.sleep(connectTimeout.toMillis());
        assertThat(result).isNotDone();
        source.publish(server.address());
        connector.reconsider();

        assertThat(connected(result).remoteAddress().getAddress()).isEqualTo(server.address());
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aVmThatDoesNotAnswerAndIsNotStoppedIsWaitedForNoLongerThanAProbeTakes() throws Exception {
        connectTimeout = SHORT;
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.2")));
        FakeTargetSource source = FakeTargetSource.at(ip("127.0.0.2"), ip("127.0.0.1"))
                .withRelayAt(ip("127.0.0.1"))
                .holdingFor(SHORT);

        Refusal refusal = refusal(connect(source, hole.port()));

        assertThat(refusal.code()).isEqualTo(RefusalCode.CONNECT_FAILED);
        assertThat(refusal.text()).endsWith("; it was kept waiting for 600ms");
    }

    @Test
    void aTargetThatIsWslproxyItselfIsRefused() throws Exception {
        InetSocketAddress own = new InetSocketAddress(ip("127.0.0.1"), 8080);
        LoopGuards.listen(loopGuard, Protocol.TCP, own, () -> Optional.of(own));

        assertThat(refusal(connect(FakeTargetSource.at(own.getAddress()), 8080)).code())
                .isEqualTo(RefusalCode.LOOP);
    }

    @Test
    void stoppingRefusesAClientThatWaits() throws Exception {
        CompletableFuture<ConnectResult> result =
                connect(FakeTargetSource.down().holdingFor(LONG), 80);
        Await.until(() -> queue.waiting() == 1);

        loop.execute(connector::stop);

        assertThat(refusal(result).code()).isEqualTo(RefusalCode.STOPPING);
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void aClientThatLeavesDuringTheConnectGivesItBackAndHearsNothing() throws Exception {
        BlackHole hole = fixture.use(new BlackHole(ip("127.0.0.1")));
        CompletableFuture<ConnectResult> result = connect(FakeTargetSource.at(ip("127.0.0.1")), hole.port());
        Await.until(() -> totals.connecting().used() == 1);

        loop.submit(connector::abandon).get(10, TimeUnit.SECONDS);

        assertThat(totals.connecting().used()).isZero();
        assertThat(result).isNotDone();
    }

    @Test
    void aClientThatHasLeftIsNotRefusedAnyMore() throws Exception {
        FakeTargetSource source = FakeTargetSource.down().holdingFor(LONG);
        CompletableFuture<ConnectResult> result = connect(source, 80);
        Await.until(() -> queue.waiting() == 1);

        loop.submit(() -> {
                    connector.abandon();
                    connector.stop();
                })
                .get(10, TimeUnit.SECONDS);

        assertThat(queue.waiting()).isZero();
        assertThat(result).isNotDone();
    }

    @Test
    void aDefectCostsThisClientOnly() throws Exception {
        FakeTargetSource source = FakeTargetSource.down().holdingFor(LONG);
        CompletableFuture<ConnectResult> result = connect(source, 80);
        Await.until(() -> queue.waiting() == 1);

        source.plant(new IllegalStateException("planted"));
        connector.reconsider();

        Refusal refusal = refusal(result);
        assertThat(refusal.code()).isEqualTo(RefusalCode.UNEXPECTED);
        assertThat(refusal.text()).startsWith("unexpected: java.lang.IllegalStateException: planted (at ");
        assertThat(queue.waiting()).isZero();
    }

    private CompletableFuture<ConnectResult> connect(FakeTargetSource source, int port) throws Exception {
        Forward forward = Forwards.tcp()
                .listen("127.0.0.1", 0)
                .toWsl(port)
                .connectTimeout(connectTimeout)
                .named("x");
        ListenerConfig config =
                new ListenerConfig(forward, PortMapping.of(forward).get(0), source);
        TcpDialer dialer = new TcpDialer(loopGuard, queue::noSocketLeft);
        CompletableFuture<ConnectResult> result = new CompletableFuture<>();
        TargetConnector.Client client = new TargetConnector.Client() {
            @Override
            public void waits(Refusal problem) {
                waits.add(problem);
            }

            @Override
            public void connectEnded(ConnectResult end) {
                ends.incrementAndGet();
                result.complete(end);
            }
        };
        loop.submit(() -> {
                    connector = new TargetConnector(queue, dialer, loop, client(), config, client);
                    connector.connect();
                })
                .get(10, TimeUnit.SECONDS);
        return result;
    }

    private TcpSocket connected(CompletableFuture<ConnectResult> result) throws Exception {
        TcpSocket target = ((ConnectResult.Connected) result.get(10, TimeUnit.SECONDS)).target();
        assertThat(ends).hasValue(1);
        SocketAndPeer.closeAfterwards(fixture, target);
        return target;
    }

    private Refusal refusal(CompletableFuture<ConnectResult> result) throws Exception {
        Refusal reason = ((ConnectResult.NotConnected) result.get(10, TimeUnit.SECONDS)).reason();
        assertThat(ends).hasValue(1);
        return reason;
    }

    private TcpPeer echo() throws Exception {
        return fixture.echo();
    }

    private static ClientKey client() {
        return ClientKey.of(ip("203.0.113.7"), new LocalAddresses());
    }
}
