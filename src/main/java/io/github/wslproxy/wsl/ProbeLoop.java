package io.github.wslproxy.wsl;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a probe at every interval, at once when that is urgent and after the computer slept, and publishes what it
 * learns. A probe that fails changes nothing that was known. One thread of its own does all asking.
 */
final class ProbeLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProbeLoop.class);

    /**
     * Interrupted probes kill their process and return; a probe that ignores the interrupt is not waited for longer.
     */
    private static final Duration LAST_PROBE = Duration.ofSeconds(2);

    private final WslProbe probe;
    private final CurrentTarget target;
    private final Optional<VmStarter> starter;
    private final Consumer<List<GuestSocket>> onSockets;
    private final TargetPublisher publisher;
    private final ProbeSchedule schedule;
    private final LongSupplier nanoTime;
    private final Thread thread = new Thread(this::run, "wslproxy-watcher");
    private final CompletableFuture<Void> firstProbe = new CompletableFuture<>();
    private final AtomicBoolean urgent = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable ProbeReport lastReport;

    /**
     * @param interval from the end of a probe to the next; more than 0
     * @param starter told what each probe saw; while it starts the VM, there is a probe every second
     * @param onSockets told who listens in the VM after each probe that looked, when its report is published. It is
     *     called by the thread that asks, so it may block, but nothing is asked meanwhile
     */
    ProbeLoop(
            WslProbe probe,
            Duration interval,
            CurrentTarget target,
            Optional<VmStarter> starter,
            Consumer<List<GuestSocket>> onSockets,
            LongSupplier nanoTime) {
        this.probe = probe;
        this.target = target;
        this.starter = starter;
        this.onSockets = onSockets;
        this.publisher = new TargetPublisher(target);
        this.schedule = new ProbeSchedule(interval);
        this.nanoTime = nanoTime;
        thread.setDaemon(true);
    }

    /**
     * Begins to ask, the first time at once. Call it once.
     *
     * @return completes, never exceptionally, when the first probe is published, or the loop is closed
     */
    CompletionStage<?> start() {
        thread.start();
        return firstProbe.minimalCompletionStage();
    }

    /** Asks in full at once, or as soon as a second has passed since that was last done. Never blocks. */
    void probeSoon() {
        if (urgent.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    /** What the newest probe did and learned; empty before the first has ended. */
    Optional<ProbeReport> lastReport() {
        return Optional.ofNullable(lastReport);
    }

    /** Ends a running probe with its processes. What is published stays. May be called again, and from any thread. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        if (Thread.currentThread() != thread) {
            awaitEnd();
        }
        firstProbe.complete(null);
    }

    private void awaitEnd() {
        try {
            thread.join(LAST_PROBE.toMillis());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            long pause = schedule.pause(nanoTime.getAsLong(), isUrgent());
            if (pause > 0) {
                LockSupport.parkNanos(this, pause);
            } else {
                probeNow(schedule.depth(nanoTime.getAsLong(), isUrgent()));
            }
        }
    }

    private boolean isUrgent() {
        return urgent.get()
                || (target.current().address().isEmpty()
                        && starter.filter(VmStarter::isUnderWay).isPresent());
    }

    private void probeNow(Depth depth) {
        if (depth != Depth.ROUTINE) {
            urgent.set(false);
        }
        ProbeReport report = ask(depth);
        log.debug("probe ({}): {}", depth, report.lines());
        if (closed) {
            return;
        }
        lastReport = report;
        schedule.asked(nanoTime.getAsLong(), depth);
        starter.ifPresent(vm -> vm.saw(report));
        guarded("A listener of the target failed", () -> publisher.publish(report));
        report.sockets()
                .ifPresent(sockets ->
                        guarded("What was to be done about listening sockets failed", () -> onSockets.accept(sockets)));
        firstProbe.complete(null);
    }

    private ProbeReport ask(Depth depth) {
        try {
            return probe.probe(depth);
        } catch (RuntimeException defect) {
            ProbeFailure failure = ProbeFailure.of(Kind.DEFECT, defect.toString());
            if (!lastReport().flatMap(ProbeReport::failure).equals(Optional.of(failure))) {
                log.error("A probe ended with an exception: {}", Fault.line(defect));
            }
            return ProbeReport.failed(failure);
        }
    }

    /** A defect in what is done about a report must not end the asking. */
    private static void guarded(String complaint, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException defect) {
            log.error("{}: {}", complaint, Fault.line(defect));
        }
    }
}
