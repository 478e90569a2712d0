package io.github.wslproxy.wsl;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the VM for a client that waits for it, by one call of wsl.exe that stays inside for a minute: WSL stops a
 * distribution 15 seconds after its last program (WslCoreConfig.h), which may be sooner than its servers listen. One
 * call at a time, and none within a minute of the last. A call that does not last its minute was in vain, as somebody
 * has stopped the VM again or it cannot start; each such call doubles the pause, up to sixteen minutes.
 *
 * <p>Safe for any thread.
 */
final class VmStarter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VmStarter.class);
    private static final Duration STAY = Duration.ofSeconds(60);

    /** A cold start may take the kernel 30 seconds and the distribution 60 more (WslCoreConfig.h). */
    private static final Duration TIMEOUT = STAY.plusSeconds(120);

    /** A start may take so long although its call has ended already. */
    private static final long START = Duration.ofSeconds(30).toNanos();

    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 4;

    /** An interrupted call kills its processes and returns. */
    private static final Duration LAST_CALL = Duration.ofSeconds(2);

    private final Optional<String> distribution;
    private final WslExe wsl;
    private final LongSupplier nanoTime;

    /** Whether the newest probe saw that the VM does not run; false if it could not tell. */
    private volatile boolean stopped;

    private volatile boolean everCalled;
    private volatile long notBefore;
    private volatile long calledAt;
    private volatile @Nullable Thread calling;
    private int inVain;
    private boolean closed;

    /** @param distribution empty = the default distribution */
    VmStarter(Optional<String> distribution, WslExe wsl, LongSupplier nanoTime) {
        this.distribution = distribution;
        this.wsl = wsl;
        this.nanoTime = nanoTime;
    }

    /** Tells what the newest probe saw: only a VM that is known to be stopped is started. */
    void saw(ProbeReport report) {
        stopped = report.sawVmStopped();
    }

    /**
     * Starts the VM if it is stopped and it is time for that. Returns at once; may be called often.
     *
     * @return whether it is being started from now on
     */
    boolean wake() {
        return mayCall() && stopped && begin();
    }

    private boolean mayCall() {
        return !everCalled || nanoTime.getAsLong() - notBefore >= 0;
    }

    /** Whether the VM may be on its way up. */
    boolean isUnderWay() {
        return isCalling() || (everCalled && nanoTime.getAsLong() - calledAt < START);
    }

    boolean isCalling() {
        return calling != null;
    }

    private synchronized boolean begin() {
        if (closed || isCalling() || !mayCall()) {
            return false;
        }
        calledAt = nanoTime.getAsLong();
        notBefore = calledAt + PAUSE.toNanos();
        everCalled = true;
        calling = new Thread(this::call, "wslproxy-waker");
        calling.setDaemon(true);
        calling.start();
        return true;
    }

    private void call() {
        List<String> arguments = new ArrayList<>();
        distribution.ifPresent(name -> arguments.addAll(List.of("-d", name)));
        arguments.addAll(List.of("-e", "sh", "-c", "sleep " + STAY.toSeconds()));
        CommandResult result = run(arguments.toArray(String[]::new));
        synchronized (this) {
            try {
                ended(result);
            } finally {
                calling = null; // This comes last: code that sees no call under way relies on what came of it.
            }
        }
    }

    private CommandResult run(String... arguments) {
        try {
            log.info("Starting WSL for a client that waits: {}", String.join(" ", wsl.command(arguments)));
            return wsl.run(TIMEOUT, arguments).result();
        } catch (RuntimeException defect) {
            return new CommandResult.NotStarted("unexpected: " + Fault.line(defect), Duration.ZERO);
        }
    }

    private void ended(CommandResult result) {
        if (closed) {
            return;
        }
        boolean stayed = result.answer().isPresent() && !stopped;
        inVain = stayed ? 0 : Math.min(inVain + 1, MOST_DOUBLINGS);
        Duration pause = PAUSE.multipliedBy(1L << inVain);
        notBefore = calledAt + pause.toNanos();
        if (!stayed) {
            log.warn(
                    "WSL did not start, or was stopped again; it is left alone for {} minutes: {}",
                    pause.toMinutes(),
                    ProbeFailure.ofWsl(result));
        }
    }

    /** Ends a call that is under way, which may leave the VM running. No other is made from then on. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            last = calling;
        }
        if (last != null) {
            last.interrupt();
            try {
                last.join(LAST_CALL.toMillis());
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
