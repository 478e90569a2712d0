package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Escalations;
import io.github.wslproxy.testing.RecordedLog;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ProbeLoopTest {
    @RegisterExtension
    final Escalations escalations = new Escalations();

    private static final Duration NEVER = Duration.ofDays(1);

    private final RecordedLog publisherLog = new RecordedLog(TargetPublisher.class);
    private final RecordedLog loopLog = new RecordedLog(ProbeLoop.class);
    private final CurrentTarget target = new CurrentTarget(Clock.systemUTC(), new TargetState.Unknown("not asked yet"));
    private final AtomicLong clock = new AtomicLong();
    private final BlockingQueue<Depth> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<InetAddress> published = new LinkedBlockingQueue<>();
    private Consumer<List<GuestSocket>> onSockets = sockets -> {};

    @AfterEach
    void endLogs() {
        publisherLog.close();
        loopLog.close();
    }

    @Test
    void theFirstProbeIsPublishedBeforeItIsSaidToHaveEnded() throws Exception {
        try (ProbeLoop loop = watch(answering("10.0.0.1"), NEVER)) {
            assertThat(loop.lastReport()).isEmpty();
            loop.start().toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(target.current().address()).contains(Samples.address("10.0.0.1"));
            assertThat(loop.lastReport()).isPresent();
            assertThat(nextDepth()).isEqualTo(Depth.FULL);
        }
    }

    @Test
    void aFailedConnectIsFollowedByAProbe() throws Exception {
        try (ProbeLoop loop = watch(answering("10.0.0.1", "10.0.0.2"), NEVER)) {
            loop.start();
            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.1"));
            pass(Duration.ofSeconds(1));
            loop.probeSoon();

            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.2"));
            assertThat(List.of(nextDepth(), nextDepth())).containsExactly(Depth.FULL, Depth.CONNECT_FAILED);
        }
    }

    @Test
    void manyFailedConnectsAreOneQuestion() throws Exception {
        try (ProbeLoop loop = watch(answering("10.0.0.1", "10.0.0.2", "10.0.0.3"), NEVER)) {
            loop.start();
            nextAddress();
            pass(Duration.ofSeconds(1));
            for (int i = 0; i < 1000; i++) {
                loop.probeSoon();
            }
            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.2"));

            // The thousand may have left one suspicion behind, for the next second, which this clock does not reach.
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    void afterASleepOfTheComputerItAsksInFullThoughTheIntervalIsLong() throws Exception {
        try (ProbeLoop loop = watch(answering("10.0.0.1", "10.0.0.2"), NEVER)) {
            loop.start();
            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.1"));
            pass(Duration.ofMinutes(10));

            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.2"));
            assertThat(List.of(nextDepth(), nextDepth())).containsExactly(Depth.FULL, Depth.FULL);
        }
    }

    @Test
    void everyIntervalIsARoutineProbe() throws Exception {
        try (ProbeLoop loop = inRealTime(answering("10.0.0.1", "10.0.0.2"))) {
            target.onChange(state -> published.addAll(state.address().stream().toList()));
            loop.start();
            nextAddress();
            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.2"));

            assertThat(List.of(nextDepth(), nextDepth())).containsExactly(Depth.FULL, Depth.ROUTINE);
        }
    }

    @Test
    void anErrorInAProbeIsNotKeptSecret() throws Exception {
        Error planted = new NoClassDefFoundError("planted");
        WslProbe probe = depth -> {
            throw planted;
        };
        try (ProbeLoop loop = inRealTime(probe)) {
            loop.start();

            assertThat(escalations.next()).isSameAs(planted);
        }
    }

    @Test
    void aProbeThatThrowsIsAFailureAndNotTheEnd() throws Exception {
        BlockingQueue<String> answers = new ArrayBlockingQueue<>(1, true, List.of("10.0.0.1"));
        WslProbe probe = depth -> {
            if (answers.isEmpty()) {
                asked.add(depth);
                throw new IllegalStateException("planted");
            }
            return found(Objects.requireNonNull(answers.poll()));
        };
        try (ProbeLoop loop = inRealTime(probe)) {
            loop.start();
            for (int i = 0; i < 5; i++) {
                nextDepth();
            }

            assertThat(target.current().address()).contains(Samples.address("10.0.0.1"));
            assertThat(loopLog.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR A probe ended with an exception: java.lang.IllegalStateException: planted (at ");
        }
    }

    @Test
    void aListenerThatThrowsIsNotTheEnd() throws Exception {
        target.onChange(state -> {
            throw new IllegalStateException("planted");
        });
        try (ProbeLoop loop = inRealTime(answering("10.0.0.1"))) {
            loop.start();

            assertThat(List.of(nextDepth(), nextDepth(), nextDepth())).hasSize(3);
        }
    }

    @Test
    void closingEndsAHangingProbe() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        WslProbe probe = depth -> {
            hanging.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closing) {
                interrupted.countDown();
            }
            return found("10.0.0.1");
        };
        ProbeLoop loop = watch(probe, NEVER);
        CompletionStage<?> firstProbe = loop.start();
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();

        loop.close();
        loop.close();

        assertThat(interrupted.getCount()).isZero();
        assertThat(firstProbe.toCompletableFuture()).isDone();
        assertThat(target.current()).isInstanceOf(TargetState.Unknown.class);
    }

    @Test
    void closingKillsTheProcessOfAHangingProbe() throws Exception {
        assumeFalse(OperatingSystem.isWindows(), "the process of this test is that of /bin/sh");
        ProbeLoop loop = watch(
                Samples.commandProbe(new ProcessRunner(Optional.empty(), 4096), false, "/bin/sh", "-c", "sleep 987654"),
                NEVER);
        loop.start();
        ProcessHandle sleeping = awaitDescendant("sleep 987654");

        loop.close();

        sleeping.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whoListensIsToldWhenTheAddressIsPublished() throws Exception {
        GuestSocket socket = new GuestSocket(Protocol.TCP, Samples.address("0.0.0.0"), 5173, false);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        WslProbe probe = depth -> found("10.0.0.1").withSockets(Optional.of(List.of(socket)));
        onSockets = sockets -> told.add(
                sockets.get(0).where() + " at " + target.current().address().orElseThrow());
        try (ProbeLoop loop = watch(probe, NEVER)) {
            loop.start();

            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("0.0.0.0:5173 at /10.0.0.1");
        }
    }

    @Test
    void aProbeThatDidNotLookSaysNothingOfSockets() throws Exception {
        AtomicLong told = new AtomicLong();
        onSockets = sockets -> told.incrementAndGet();
        try (ProbeLoop loop = watch(answering("10.0.0.1"), NEVER)) {
            loop.start().toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(told).hasValue(0);
        }
    }

    @Test
    void aDefectInWhatIsDoneAboutSocketsDoesNotEndTheWatching() throws Exception {
        WslProbe probe = depth -> {
            asked.add(depth);
            return found("10.0.0.1").withSockets(Optional.of(List.of()));
        };
        onSockets = sockets -> {
            pass(Duration.ofMillis(1));
            throw new IllegalStateException("planted");
        };
        try (ProbeLoop loop = watch(probe, Duration.ofMillis(1))) {
            loop.start();

            assertThat(List.of(nextDepth(), nextDepth(), nextDepth())).hasSize(3);
            assertThat(loopLog.lines().get(0))
                    .contains("listening sockets failed")
                    .contains("planted");
        }
    }

    private ProbeLoop watch(WslProbe probe, Duration interval) {
        target.onChange(state -> published.addAll(state.address().stream().toList()));
        return loop(probe, interval, clock::get);
    }

    /** Probes every millisecond of the real clock. */
    private ProbeLoop inRealTime(WslProbe probe) {
        return loop(probe, Duration.ofMillis(1), System::nanoTime);
    }

    private ProbeLoop loop(WslProbe probe, Duration interval, LongSupplier nanoTime) {
        return new ProbeLoop(probe, interval, target, Optional.empty(), sockets -> onSockets.accept(sockets), nanoTime);
    }

    /** Gives the addresses in turn, and the last for ever. */
    private WslProbe answering(String... addresses) {
        AtomicLong next = new AtomicLong();
        return depth -> {
            asked.add(depth);
            return found(addresses[(int) Math.min(next.getAndIncrement(), addresses.length - 1)]);
        };
    }

    private static ProbeReport found(String address) {
        return ProbeReport.learned(new TargetState.Up(Samples.address(address), "seen"));
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private Depth nextDepth() throws InterruptedException {
        return Objects.requireNonNull(asked.poll(10, TimeUnit.SECONDS), "asked no more");
    }

    private InetAddress nextAddress() throws InterruptedException {
        return Objects.requireNonNull(published.poll(10, TimeUnit.SECONDS), "published no more");
    }

    private static ProcessHandle awaitDescendant(String command) {
        while (true) {
            var found = ProcessHandle.current()
                    .descendants()
                    .filter(each -> each.info().commandLine().orElse("").endsWith(command))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.onSpinWait();
        }
    }
}
