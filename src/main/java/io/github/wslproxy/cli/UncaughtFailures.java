package io.github.wslproxy.cli;

import io.github.wslproxy.os.Fault;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the program after a failure that no part has dealt with, so that the logon task, or whoever else started it,
 * starts it again. A program that lives on half dead would hold its ports and serve nobody.
 */
final class UncaughtFailures implements Thread.UncaughtExceptionHandler {
    /** Is longer than the orderly end takes: five seconds for open connections, and then a few for what they leave. */
    private static final Duration ORDERLY_END = Duration.ofSeconds(15);

    private final PrintWriter err;
    private final boolean verbose;
    private final AtomicBoolean heardOne = new AtomicBoolean();
    private volatile @Nullable String line;
    private volatile @Nullable Thread inCharge;

    private UncaughtFailures(PrintWriter err, boolean verbose) {
        this.err = err;
        this.verbose = verbose;
    }

    /**
     * Hears of the failures of all threads.
     *
     * @param err is told of the first one only, because the others mostly follow from it
     */
    static UncaughtFailures install(PrintWriter err, boolean verbose) {
        UncaughtFailures made = new UncaughtFailures(err, verbose);
        Thread.setDefaultUncaughtExceptionHandler(made);
        return made;
    }

    /** A failure of another thread interrupts the calling one, which then has to end the program. */
    void interruptThisThread() {
        inCharge = Thread.currentThread();
    }

    /** The first failure, in one line; empty if there was none. */
    Optional<String> line() {
        return Optional.ofNullable(line);
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
        String told = "unexpected, so it ends and can be started again: " + thread.getName() + " failed: "
                + Fault.line(failure);
        line = told;
        err.println("wslproxy: " + told);
        if (verbose) {
            failure.printStackTrace(err);
        }
        err.flush();
    }

    /** Relies on nothing when Java has no memory left or is broken itself. */
    private void end(Thread failed, Throwable failure) {
        Thread ending = inCharge;
        if (ending == null || ending == failed || failure instanceof VirtualMachineError) {
            ProcessExit.atOnce(ExitCode.FAILED);
            return;
        }
        ending.interrupt();
    }

    /** Comes before the message: a console in which somebody marks text holds up whoever prints. */
    private static void limitTheEnd() {
        try {
            Thread patience = new Thread(UncaughtFailures::endAfterAll, "wslproxy-patience");
            patience.setDaemon(true);
            patience.start();
        } catch (OutOfMemoryError noThreadLeft) {
            // The end at once that follows needs no thread.
        }
    }

    private static void endAfterAll() {
        long deadline = System.nanoTime() + ORDERLY_END.toNanos();
        while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
        }
        ProcessExit.atOnce(ExitCode.FAILED);
    }
}
