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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the VM: asks the probe at every interval, at once after a failed connect and after the computer slept, and
 * publishes what it learns. A probe that fails changes nothing that was known. One thread of its own does all asking.
 */
public final class VmMonitor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VmMonitor.class);

    /**
     * Interrupted probes kill their process and return; a probe that ignores the interrupt is not waited for longer.
     */
    private static final Duration LAST_PROBE = Duration.ofSeconds(2);

    private final WslProbe probe;
    private final CurrentTarget target;
    private final TargetPublisher publisher;
    private final ProbeSchedule schedule;
    private final LongSupplier nanoTime;
    private final Thread thread = new Thread(this::watch, "wslproxy-watcher");
    private final CompletableFuture<Void> firstProbe = new CompletableFuture<>();
    private final AtomicBoolean suspected = new AtomicBoolean();
    private volatile BooleanSupplier isOnItsWay = () -> false;
    private volatile Consumer<List<GuestSocket>> onSockets = sockets -> {};
    private volatile boolean closed;
    private volatile @Nullable ProbeReport lastReport;

    /** @param interval from the end of a probe to the next; more than 0 */
    public VmMonitor(WslProbe probe, CurrentTarget target, Duration interval) {
        this(probe, target, interval, System::nanoTime);
    }

    VmMonitor(WslProbe probe, CurrentTarget target, Duration interval, LongSupplier nanoTime) {
        this.probe = probe;
        this.target = target;
        this.publisher = new TargetPublisher(target);
        this.schedule = new ProbeSchedule(interval);
        this.nanoTime = nanoTime;
        thread.setDaemon(true);
    }

    /** Begins to ask, the first time at once; connects that fail are reported to it from here on. Call it once. */
    public void start() {
        target.whenSuspected(this::probeSoon);
        thread.start();
    }

    /** Completes, never exceptionally, when the first probe has ended and is published, or the watcher is closed. */
    public CompletionStage<?> firstProbe() {
        return firstProbe.minimalCompletionStage();
    }

    /** Asks in full at once, or as soon as a second has passed since that was last done. Never blocks. */
    public void probeSoon() {
        if (suspected.compareAndSet(false, true)) {
            LockSupport.unpark(thread);
        }
    }

    /** Asks every second while {@code isOnItsWay} is true and there is no address; to be set before the start. */
    public void hurryWhile(BooleanSupplier onItsWay) {
        isOnItsWay = onItsWay;
    }

    /**
     * Tells who listens in the VM after each probe that looked, when its outcome is published; none while the VM is
     * down or its ports are on the LAN already. Called by the thread that asks, so it may block, but asks nothing
     * meanwhile. To be set before the start.
     */
    public void onSockets(Consumer<List<GuestSocket>> listener) {
        onSockets = listener;
    }

    /** Whether the newest probe has learned that the VM does not run; not if it could not tell. */
    public boolean sawItStopped() {
        return lastReport().map(ProbeReport::outcome).orElse(null) instanceof ProbeOutcome.Down;
    }

    /** What the newest probe did and learned; empty before the first has ended. */
    public Optional<ProbeReport> lastReport() {
        return Optional.ofNullable(lastReport);
    }

    /** Ends a running probe with its processes. What is published stays. May be called again, and from any thread. */
    @Override
    public void close() {
        closed = true;
        target.whenSuspected(() -> {});
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

    private void watch() {
        while (!closed) {
            long pause = schedule.pause(nanoTime.getAsLong(), isUrgent());
            if (pause > 0) {
                LockSupport.parkNanos(this, pause);
            } else {
                askNow(schedule.depth(nanoTime.getAsLong(), isUrgent()));
            }
        }
    }

    private boolean isUrgent() {
        return suspected.get() || (target.current().address().isEmpty() && isOnItsWay.getAsBoolean());
    }

    private void askNow(Depth depth) {
        if (depth != Depth.ROUTINE) {
            suspected.set(false);
        }
        ProbeReport report = ask(depth);
        log.debug("probe ({}): {}", depth, report.lines());
        if (!closed) {
            lastReport = report;
            schedule.asked(nanoTime.getAsLong(), depth);
            publish(report.outcome());
            report.sockets().ifPresent(this::tell);
            firstProbe.complete(null);
        }
    }

    private ProbeReport ask(Depth depth) {
        try {
            return probe.probe(depth);
        } catch (RuntimeException defect) {
            ProbeFailure failure = new ProbeFailure(Kind.DEFECT, defect.toString());
            if (!lastReport().map(ProbeReport::outcome).equals(Optional.of(new ProbeOutcome.Failed(failure)))) {
                log.error("A probe ended with an exception: {}", Fault.line(defect));
            }
            return new ProbeReport(new ProbeOutcome.Failed(failure), List.of());
        }
    }

    private void tell(List<GuestSocket> sockets) {
        try {
            onSockets.accept(sockets);
        } catch (RuntimeException defect) {
            log.error("What was to be done about listening sockets failed: {}", Fault.line(defect));
        }
    }

    private void publish(ProbeOutcome outcome) {
        try {
            publisher.tell(outcome);
        } catch (RuntimeException defect) {
            log.error("A listener of the target failed: {}", Fault.line(defect));
        }
    }
}
