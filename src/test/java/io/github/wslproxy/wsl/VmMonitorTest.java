package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.testing.RecordedLog;
import io.github.wslproxy.wsl.VmMonitor.Interest;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What follows from the settings; {@link WakeTest} has the starting of the VM, {@link ProbeLoopTest} the asking. */
class VmMonitorTest {
    private static final WslSettings ASK = Samples.settings(OnStopped.HOLD, "one");
    private static final WslSettings ASK_OTHERWISE = Samples.settings(OnStopped.REFUSE, "other");
    private static final InetAddress ADDRESS = Samples.address("10.0.0.1");

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final AtomicLong clock = new AtomicLong();
    private boolean isStartable;

    @Test
    void theFirstAnswerIsPublishedBeforeTheStartIsOver() throws Exception {
        try (VmMonitor monitor = monitor(ASK, Interest.ADDRESS)) {
            assertThat(monitor.target().current().reason()).isEqualTo("WSL has not answered yet");

            await(monitor.start());

            assertThat(monitor.target().current().address()).contains(ADDRESS);
            assertThat(monitor.target().holdTimeout()).isEqualTo(ASK.hold());
            assertThat(nextQuestion()).isEqualTo("one without sockets FULL");
        }
    }

    @Test
    void aFailedConnectIsFollowedByAProbe() throws Exception {
        try (VmMonitor monitor = monitor(ASK, Interest.ADDRESS)) {
            await(monitor.start());
            nextQuestion();
            clock.addAndGet(Duration.ofSeconds(1).toNanos());

            monitor.target().connectFailed();

            assertThat(nextQuestion()).isEqualTo("one without sockets CONNECT_FAILED");
        }
    }

    @Test
    void aFixedAddressIsTakenAndNobodyIsAsked() {
        try (RecordedLog log = new RecordedLog(VmMonitor.class);
                VmMonitor monitor = monitor(fixed("10.9.9.9"), Interest.SOCKETS)) {
            assertThat(monitor.target().current().address()).contains(Samples.address("10.9.9.9"));

            assertThat(monitor.start().toCompletableFuture()).isDone();

            assertThat(monitor.probeSoon()).isFalse();
            assertThat(asked).isEmpty();
            assertThat(log.lines()).singleElement().asString().contains("on_stopped has no effect");
        }
    }

    @Test
    void whereNoForwardNeedsTheVmNobodyIsAsked() {
        try (VmMonitor monitor = monitor(ASK, Interest.NONE)) {
            assertThat(monitor.start().toCompletableFuture()).isDone();

            assertThat(monitor.target().current())
                    .isEqualTo(new TargetState.Unknown("no forward leads to WSL or listens for it"));
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void settingsThatStayTheSameAskNobodyAnew() throws Exception {
        try (VmMonitor monitor = monitor(ASK, Interest.ADDRESS)) {
            await(monitor.start());
            nextQuestion();

            await(monitor.change(ASK, Interest.ADDRESS));

            assertThat(asked).isEmpty();
        }
    }

    @Test
    void otherSettingsAskInTheirWayAndKeepWhatIsKnownUntilTheyKnowBetter() throws Exception {
        try (VmMonitor monitor = monitor(ASK, Interest.ADDRESS)) {
            await(monitor.start());
            nextQuestion();

            await(monitor.change(ASK_OTHERWISE, Interest.ADDRESS));
            assertThat(nextQuestion()).isEqualTo("other without sockets FULL");
            assertThat(monitor.target().holdTimeout()).isZero();

            await(monitor.change(ASK_OTHERWISE, Interest.SOCKETS));
            assertThat(nextQuestion()).isEqualTo("other with sockets FULL");

            await(monitor.change(ASK_OTHERWISE, Interest.NONE));
            assertThat(monitor.target().current().address()).contains(ADDRESS);

            await(monitor.change(fixed("10.9.9.9"), Interest.ADDRESS));
            assertThat(monitor.target().current().address()).contains(Samples.address("10.9.9.9"));
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void whereNothingCanStartTheVmWakeIsHoldAndSaysSo() throws Exception {
        WslSettings wake = Samples.settings(OnStopped.WAKE, "one");
        try (RecordedLog log = new RecordedLog(VmMonitor.class);
                VmMonitor monitor = monitor(wake, Interest.ADDRESS)) {
            await(monitor.start());

            assertThat(monitor.onStopped()).isEqualTo(OnStopped.HOLD);
            assertThat(log.lines()).singleElement().asString().contains("is no more than \"hold\" here");

            isStartable = true;
            await(monitor.change(wake, Interest.SOCKETS));
            assertThat(monitor.onStopped()).isEqualTo(OnStopped.WAKE);
        }
    }

    @Test
    void closingTwiceOrBeforeTheStartIsHarmless() {
        VmMonitor monitor = monitor(ASK, Interest.ADDRESS);

        monitor.close();
        monitor.close();

        assertThat(asked).isEmpty();
    }

    private VmMonitor monitor(WslSettings settings, Interest interest) {
        WslExe wsl = new WslExe(() -> "wsl.exe", new FakeRunner());
        return new VmMonitor(
                settings,
                interest,
                (next, inUse, withSockets) -> depth -> answer(next, withSockets, depth),
                next -> isStartable ? Optional.of(new VmStarter(Optional.empty(), wsl, clock::get)) : Optional.empty(),
                sockets -> {},
                clock::get);
    }

    private ProbeReport answer(WslSettings settings, boolean withSockets, Depth depth) {
        asked.add(settings.command().get(0) + (withSockets ? " with" : " without") + " sockets " + depth);
        return ProbeReport.learned(new TargetState.Up(ADDRESS, "seen"));
    }

    private static WslSettings fixed(String address) {
        return new WslSettings(
                Optional.empty(),
                Optional.of(Samples.address(address)),
                List.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                OnStopped.HOLD,
                Duration.ofSeconds(30),
                false);
    }

    private String nextQuestion() throws InterruptedException {
        return Objects.requireNonNull(asked.poll(10, TimeUnit.SECONDS), "asked no more");
    }

    private static void await(CompletionStage<?> first) throws Exception {
        first.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
