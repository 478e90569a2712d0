package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.Escalations;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class VmMonitorTest {
    @RegisterExtension
    final Escalations escalations = new Escalations();

    private static final Duration NEVER = Duration.ofDays(1);

    private final RecordedLog publisherLog = new RecordedLog(TargetPublisher.class);
    private final RecordedLog watcherLog = new RecordedLog(VmMonitor.class);
    private final CurrentTarget target = new CurrentTarget(Clock.systemUTC(), new TargetState.Unknown("not asked yet"));
    private final AtomicLong clock = new AtomicLong();
    private final BlockingQueue<Depth> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<InetAddress> published = new LinkedBlockingQueue<>();

    @AfterEach
    void endLogs() {
        publisherLog.close();
        watcherLog.close();
    }

    @Test
    void theFirstProbeIsPublishedBeforeItIsSaidToHaveEnded() throws Exception {
        try (VmMonitor watcher = watch(answering("10.0.0.1"), NEVER)) {
            assertThat(watcher.lastReport()).isEmpty();
            watcher.start();
            watcher.firstProbe().toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(target.current().address()).contains(Samples.address("10.0.0.1"));
            assertThat(watcher.lastReport()).isPresent();
            assertThat(nextDepth()).isEqualTo(Depth.FULL);
        }
    }

    @Test
    void aFailedConnectIsFollowedByAProbe() throws Exception {
        try (VmMonitor watcher = watch(answering("10.0.0.1", "10.0.0.2"), NEVER)) {
            watcher.start();
            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.1"));
            pass(Duration.ofSeconds(1));
            target.suspect();

            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.2"));
            assertThat(List.of(nextDepth(), nextDepth())).containsExactly(Depth.FULL, Depth.SUSPECTED);
        }
    }

    @Test
    void manyFailedConnectsAreOneQuestion() throws Exception {
        try (VmMonitor watcher = watch(answering("10.0.0.1", "10.0.0.2", "10.0.0.3"), NEVER)) {
            watcher.start();
            nextAddress();
            pass(Duration.ofSeconds(1));
            for (int i = 0; i < 1000; i++) {
                target.suspect();
            }
            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.2"));

            // The thousand may have left one suspicion behind, for the next second, which this clock does not reach.
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    void afterASleepOfTheComputerItAsksInFullThoughTheIntervalIsLong() throws Exception {
        try (VmMonitor watcher = watch(answering("10.0.0.1", "10.0.0.2"), NEVER)) {
            watcher.start();
            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.1"));
            pass(Duration.ofMinutes(10));

            assertThat(nextAddress()).isEqualTo(Samples.address("10.0.0.2"));
            assertThat(List.of(nextDepth(), nextDepth())).containsExactly(Depth.FULL, Depth.FULL);
        }
    }

    @Test
    void everyIntervalIsARoutineProbe() throws Exception {
        try (VmMonitor watcher = new VmMonitor(answering("10.0.0.1", "10.0.0.2"), target, Duration.ofMillis(1))) {
            target.onChange(state -> published.addAll(state.address().stream().toList()));
            watcher.start();
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
        try (VmMonitor watcher = new VmMonitor(probe, target, Duration.ofMillis(1))) {
            watcher.start();

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
        try (VmMonitor watcher = new VmMonitor(probe, target, Duration.ofMillis(1))) {
            watcher.start();
            for (int i = 0; i < 5; i++) {
                nextDepth();
            }

            assertThat(target.current().address()).contains(Samples.address("10.0.0.1"));
            assertThat(watcherLog.lines())
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
        try (VmMonitor watcher = new VmMonitor(answering("10.0.0.1"), target, Duration.ofMillis(1))) {
            watcher.start();

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
        VmMonitor watcher = watch(probe, NEVER);
        watcher.start();
        assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();

        watcher.close();
        watcher.close();

        assertThat(interrupted.getCount()).isZero();
        assertThat(watcher.firstProbe().toCompletableFuture()).isDone();
        assertThat(target.current()).isInstanceOf(TargetState.Unknown.class);
    }

    @Test
    void closingKillsTheProcessOfAHangingProbe() throws Exception {
        assumeFalse(OperatingSystem.isWindows(), "the process of this test is that of /bin/sh");
        List<String> command = List.of("/bin/sh", "-c", "sleep 987654");
        VmMonitor watcher = watch(WslProbes.command(command, Duration.ofMinutes(10), Optional::empty, false), NEVER);
        watcher.start();
        ProcessHandle sleeping = awaitDescendant("sleep 987654");

        watcher.close();

        sleeping.onExit().get(10, TimeUnit.SECONDS);
    }

    @Test
    void closingBeforeTheStartIsHarmless() {
        VmMonitor watcher = watch(answering("10.0.0.1"), NEVER);

        watcher.close();

        assertThat(watcher.firstProbe().toCompletableFuture()).isDone();
    }

    @Test
    void whoListensIsToldWhenTheAddressIsPublished() throws Exception {
        GuestSocket socket = new GuestSocket(Protocol.TCP, Samples.address("0.0.0.0"), 5173, false);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        WslProbe probe = depth -> found("10.0.0.1").with(Optional.of(List.of(socket)));
        try (VmMonitor watcher = watch(probe, NEVER)) {
            watcher.onSockets(sockets -> told.add(
                    sockets.get(0).where() + " at " + target.current().address().orElseThrow()));
            watcher.start();

            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("0.0.0.0:5173 at /10.0.0.1");
        }
    }

    @Test
    void aProbeThatDidNotLookSaysNothingOfSockets() throws Exception {
        AtomicLong told = new AtomicLong();
        try (VmMonitor watcher = watch(answering("10.0.0.1"), NEVER)) {
            watcher.onSockets(sockets -> told.incrementAndGet());
            watcher.start();
            watcher.firstProbe().toCompletableFuture().get(10, TimeUnit.SECONDS);

            assertThat(told).hasValue(0);
        }
    }

    @Test
    void aDefectInWhatIsDoneAboutSocketsDoesNotEndTheWatching() throws Exception {
        WslProbe probe = depth -> {
            asked.add(depth);
            return found("10.0.0.1").with(Optional.of(List.of()));
        };
        try (VmMonitor watcher = watch(probe, Duration.ofMillis(1))) {
            watcher.onSockets(sockets -> {
                pass(Duration.ofMillis(1));
                throw new IllegalStateException("planted");
            });
            watcher.start();

            assertThat(List.of(nextDepth(), nextDepth(), nextDepth())).hasSize(3);
            assertThat(watcherLog.lines().get(0))
                    .contains("listening sockets failed")
                    .contains("planted");
        }
    }

    private VmMonitor watch(WslProbe probe, Duration interval) {
        target.onChange(state -> published.addAll(state.address().stream().toList()));
        return new VmMonitor(probe, target, interval, clock::get);
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
        return new ProbeReport(new ProbeOutcome.Found(Samples.address(address), "seen"), List.of());
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
