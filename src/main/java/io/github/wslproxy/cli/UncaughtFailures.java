package io.github.wslproxy.cli;

import io.github.wslproxy.os.Fault;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a failure that no part has dealt with: one line, and the program ends with a failure, so that the
 * logon task or whoever else started it starts it again. Half dead it would hold its ports and serve nobody.
 */
final class UncaughtFailures implements Thread.UncaughtExceptionHandler {
    /** The orderly end gives links five seconds, and then a few to what they leave. */
    private static final Duration ORDERLY_END = Duration.ofSeconds(15);

    private final PrintWriter err;
    private final boolean verbose;
    private final AtomicBoolean heardOne = new AtomicBoolean();
    private volatile @Nullable Thread inCharge;

    private UncaughtFailures(PrintWriter err, boolean verbose) {
        this.err = err;
        this.verbose = verbose;
    }

    /**
     * Hears of all threads from here on.
     *
     * @param err is told of the first one only: what follows is as a rule its consequence
     */
    static UncaughtFailures install(PrintWriter err, boolean verbose) {
        UncaughtFailures made = new UncaughtFailures(err, verbose);
        Thread.setDefaultUncaughtExceptionHandler(made);
        return made;
    }

    /** From here on the calling thread is interrupted by a failure of another one; it then has to end the program. */
    void interruptThisThread() {
        inCharge = Thread.currentThread();
    }

    /** What the program ends with. */
    int exitCode() {
        return heardOne.get() ? ExitCode.FAILED : ExitCode.OK;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (!heardOne.compareAndSet(false, true)) {
            return;
        }
        try {
            limitTheEnd();
            say(thread, failure);
        } finally {
            end(thread, failure);
        }
    }

    private void say(Thread thread, Throwable failure) {
        err.println("wslproxy: unexpected, so it ends and can be started again: " + thread.getName() + " failed: "
                + Fault.line(failure));
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
    }

    /** With a Java that has no memory or is broken itself, nothing can be relied on. */
    private void end(Thread failed, Throwable failure) {
        Thread ending = inCharge;
        if (ending == null || ending == failed || failure instanceof VirtualMachineError) {
            ForcedExit.end(ExitCode.FAILED);
            return;
        }
        ending.interrupt();
    }

    /**
     * Before anything is said: a console that stands still, as one in which text is being marked, holds up who prints.
     */
    private static void limitTheEnd() {
        try {
            Thread patience = new Thread(UncaughtFailures::endAfterAll, "wslproxy-patience");
            patience.setDaemon(true);
            patience.start();
        } catch (OutOfMemoryError noThreadLeft) {
            // What follows ends it as a rule.
        }
    }

    private static void endAfterAll() {
        long deadline = System.nanoTime() + ORDERLY_END.toNanos();
        while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
        }
        ForcedExit.end(ExitCode.FAILED);
    }
}
