package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Cap;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.ConnectionLimits;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.ListenerStatus.Failed;
import io.github.wslproxy.relay.ListenerStatus.Listening;
import io.github.wslproxy.relay.ListenerStatus.NotOpen;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.testing.Forwards;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
    private static final Instant SINCE = Instant.parse("2026-11-22T10:00:00Z");
    private static final TargetState UP = new TargetState.Up(ip("fd00:30::229"), "in the WSL network");
    private static final ListenerStatus LISTENING = new Listening("*:53", new InetSocketAddress(ip("::"), 53));
    private static final ListenerStatus FAILED = new Failed("127.0.0.1:53", "in use");
    private static final ListenerStatus WAITING = new NotOpen("*:54", "not opened yet");

    private static final Duration HOLD =
            ReloadPlanTest.settings(List.of()).wsl().hold();
    private static final List<ProgramLimits.LimitStatus> LIMITS =
            List.of(new ProgramLimits.LimitStatus("sessions", 3, 4096, 9));

    private final Forward web = Forwards.tcp().listen("*", 8080).toWsl(8000).named("web");
    private TargetState wsl = UP;

    @Test
    void theTargetIsShownAsItIs() {
        assertThat(snapshot(List.of(), List.of()).target())
                .isEqualTo(new Snapshot.Target("up", "fd00:30::229", SINCE, "in the WSL network", "hold", HOLD));

        wsl = new TargetState.Down("stopped");
        assertThat(snapshot(List.of(), List.of()).target())
                .isEqualTo(new Snapshot.Target("down", "", SINCE, "stopped", "hold", HOLD));
    }

    @Test
    void theLimitsOfTheProgramAreShown() {
        assertThat(snapshot(List.of(), List.of()).limits())
                .containsExactly(Map.entry("sessions", new Snapshot.LimitView(3, 4096, 9)));
    }

    @Test
    void aForwardIsShownAsConfiguredAndWithWhereItLeadsNow() {
        Forward range = Forwards.udp()
                .listen("0.0.0.0", 53)
                .listen("::", 53)
                .toWsl(5300)
                .named("dns");

        ForwardView view = only(range, new FakeRelay(range, Protocol.UDP, LISTENING));

        assertThat(view.name()).isEqualTo("dns");
        assertThat(view.protocol()).isEqualTo("udp");
        assertThat(view.listen()).containsExactly("0.0.0.0:53", "[::]:53");
        assertThat(view.target()).isEqualTo("wsl:5300");
        assertThat(view.resolved()).isEqualTo("[fd00:30::229]:5300");
    }

    @Test
    void whileTheTargetIsNowhereNothingIsResolved() {
        wsl = new TargetState.Unknown("not asked yet");

        assertThat(only(web, new FakeRelay(web, Protocol.TCP, LISTENING)).resolved())
                .isEmpty();
    }

    @Test
    void allListenersOpenIsListeningWithoutAnError() {
        ForwardView view = only(web, new FakeRelay(web, Protocol.TCP, LISTENING, LISTENING));

        assertThat(view.state()).isEqualTo(ForwardState.LISTENING);
        assertThat(view.error()).isEmpty();
    }

    @Test
    void oneFailedListenerMakesTheForwardFailed() {
        ForwardView view = only(web, new FakeRelay(web, Protocol.TCP, WAITING, LISTENING, FAILED));

        assertThat(view.state()).isEqualTo(ForwardState.FAILED);
        assertThat(view.error()).isEqualTo("127.0.0.1:53: in use");
    }

    @Test
    void aFailedListenerOfEitherProtocolCounts() {
        ForwardView view =
                only(web, new FakeRelay(web, Protocol.TCP, LISTENING), new FakeRelay(web, Protocol.UDP, FAILED));

        assertThat(view.state()).isEqualTo(ForwardState.FAILED);
    }

    @Test
    void oneWaitingListenerMakesTheForwardWaitingAndSaysWhy() {
        ForwardView view = only(web, new FakeRelay(web, Protocol.TCP, LISTENING, WAITING));

        assertThat(view.state()).isEqualTo(ForwardState.WAITING);
        assertThat(view.error()).isEqualTo("*:54: not opened yet");
    }

    /** Four thousand forwards are allowed, and somebody waits for the answer. */
    @Test
    void eachRelayIsAskedForItsForwardOnceHoweverManyThereAre() {
        List<Forward> forwards = IntStream.range(0, 200)
                .mapToObj(i -> Forwards.tcp().listen("*", 8000 + i).toWsl(80).named("f" + i))
                .toList();
        List<FakeRelay> relays = forwards.stream()
                .map(forward -> new FakeRelay(forward, Protocol.TCP, LISTENING))
                .toList();

        assertThat(snapshot(forwards, List.copyOf(relays)).forwards())
                .allMatch(view -> view.state() == ForwardState.LISTENING)
                .hasSize(200);
        assertThat(relays).allMatch(relay -> relay.askedForItsForward == 1);
    }

    @Test
    void countersOfBothProtocolsAreSummed() {
        FakeRelay tcp = new FakeRelay(web, Protocol.TCP, LISTENING);
        tcp.open = 2;
        tcp.counters.countAccepted();
        tcp.counters.countBytesIn(10);
        tcp.counters.countBytesOut(100);
        FakeRelay udp = new FakeRelay(web, Protocol.UDP, LISTENING);
        udp.open = 3;
        udp.counters.countAccepted();
        udp.counters.noteRefused(new InetSocketAddress(ip("fd00::7"), 50_001), Refusal.stopping());
        udp.counters.countBytesIn(1);
        udp.counters.countBytesOut(1);
        udp.counters.noteError(() -> "no route to host");

        ForwardView view = only(web, tcp, udp);

        assertThat(view.open()).isEqualTo(5);
        assertThat(view.accepted()).isEqualTo(2);
        assertThat(view.refused()).isEqualTo(1);
        assertThat(view.bytesIn()).isEqualTo(11);
        assertThat(view.bytesOut()).isEqualTo(101);
        assertThat(view.lastProblem().orElseThrow().line()).isEqualTo("no route to host");
    }

    @Test
    void eachForwardHasOnlyItsOwnRelaysAndKeepsItsPlace() {
        Forward dns = Forwards.udp().listen("*", 53).toWsl(53).named("dns");
        FakeRelay ofWeb = new FakeRelay(web, Protocol.TCP, LISTENING);
        FakeRelay ofDns = new FakeRelay(dns, Protocol.UDP, FAILED);
        ofWeb.counters.countAccepted();

        List<ForwardView> views =
                snapshot(List.of(web, dns), List.of(ofDns, ofWeb)).forwards();

        assertThat(views).extracting(ForwardView::name).containsExactly("web", "dns");
        assertThat(views).extracting(ForwardView::accepted).containsExactly(1L, 0L);
        assertThat(views).extracting(ForwardView::state).containsExactly(ForwardState.LISTENING, ForwardState.FAILED);
    }

    @Test
    void theNewestClientOfAllItsRelaysIsTheForwards() {
        FakeRelay tcp = new FakeRelay(web, Protocol.TCP, LISTENING);
        FakeRelay udp = new FakeRelay(web, Protocol.UDP, LISTENING);
        assertThat(only(web, tcp, udp).lastClient()).isEmpty();
        assertThat(only(web, tcp, udp).lastOwnClient()).isEmpty();
        tcp.counters.noteClient(new InetSocketAddress(ip("127.0.0.1"), 50_000));
        assertThat(only(web, tcp, udp).lastOwnClient()).isEqualTo("127.0.0.1:50000");

        udp.counters.noteClient(new InetSocketAddress(ip("fd00::7"), 50_001));
        assertThat(only(web, tcp, udp).lastClient()).hasValueSatisfying(client -> {
            assertThat(client.address()).isEqualTo("fd00::7");
            assertThat(client.refusal()).isEmpty();
            assertThat(client.code()).isEmpty();
        });
    }

    @Test
    void aRefusalComesWithItsCodeAndTheClientApartFromTheText() {
        FakeRelay tcp = new FakeRelay(web, Protocol.TCP, LISTENING);
        tcp.counters.noteRefused(new InetSocketAddress(ip("fd00::7"), 50_001), Refusal.connectingLimit(7));

        ForwardView view = only(web, tcp);

        assertThat(view.lastProblem()).hasValueSatisfying(problem -> {
            assertThat(problem.client()).isEqualTo("[fd00::7]:50001");
            assertThat(problem.code()).contains(RefusalCode.CONNECTING_LIMIT);
            assertThat(problem.limit()).isEqualTo("max_connecting");
            assertThat(problem.cure()).isEqualTo("raise [limits] max_connecting in proxy.toml");
            assertThat(problem.line()).isEqualTo("refused [fd00::7]:50001: " + problem.text());
        });
        assertThat(view.lastClient().orElseThrow().code()).contains(RefusalCode.CONNECTING_LIMIT);
    }

    @Test
    void theJavaOfTheProcessIsToldAndWhetherItsListenersAreExclusive() {
        String before = System.getProperty("sun.net.useExclusiveBind");
        try {
            System.setProperty("sun.net.useExclusiveBind", "false");
            assertThat(snapshot(List.of(), List.of()).java())
                    .contains(new Snapshot.Java(System.getProperty("java.version"), false, true));
            System.clearProperty("sun.net.useExclusiveBind");
            assertThat(snapshot(List.of(), List.of()).java().orElseThrow().exclusiveBind())
                    .isTrue();
        } finally {
            if (before != null) {
                System.setProperty("sun.net.useExclusiveBind", before);
            }
        }
    }

    private ForwardView only(Forward forward, Relay... relays) {
        return snapshot(List.of(forward), List.of(relays)).forwards().get(0);
    }

    private Snapshot snapshot(List<Forward> forwards, List<Relay> relays) {
        TargetSource source = () -> wsl;
        return Snapshots.of(
                Duration.ofSeconds(7),
                "",
                "",
                "",
                new CurrentTarget.Snapshot(wsl, SINCE),
                OnStopped.HOLD,
                LIMITS,
                ForwardSet.of(ReloadPlanTest.settings(forwards)),
                relays,
                forward -> source,
                List.of(block("192.168.1.7", 24)),
                List.of());
    }

    /** Shows only what the test says. */
    private static final class FakeRelay implements Relay {
        private final Forward forward;
        private final Protocol protocol;
        private final List<ListenerStatus> listeners;
        private int open;
        private int askedForItsForward;
        private final RelayStats counters = new RelayStats(() -> open, InetAddress::isLoopbackAddress);

        FakeRelay(Forward forward, Protocol protocol, ListenerStatus... listeners) {
            this.forward = forward;
            this.protocol = protocol;
            this.listeners = List.of(listeners);
        }

        @Override
        public Forward forward() {
            askedForItsForward++;
            return forward;
        }

        @Override
        public Protocol protocol() {
            return protocol;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public ConnectionLimits clients() {
            return new ConnectionLimits(new Cap(1), 1, 1);
        }

        @Override
        public CompletionStage<List<ConnectionInfo>> connections() {
            return CompletableFuture.completedStage(List.of());
        }

        @Override
        public CompletionStage<Boolean> end(InetSocketAddress client) {
            return CompletableFuture.completedStage(false);
        }

        @Override
        public CompletionStage<Void> start() {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> change(Forward next, TargetSource source) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> drain() {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> stop(Duration grace) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public List<ListenerStatus> listeners() {
            return listeners;
        }

        @Override
        public RelayStats counters() {
            return counters;
        }
    }
}
