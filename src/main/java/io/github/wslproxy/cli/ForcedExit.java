package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The end of the process that waits for nobody. */
final class ForcedExit {
    /** A disk or a console that stands still is not waited for longer. */
    private static final long LAST_ACTS_MILLIS = 1500;

    private static volatile boolean ending;

    private ForcedExit() {}

    /**
     * Ends this process and what it has started, without the orderly way. The last lines of the log are still written.
     */
    static void end(int status) {
        end(status, () -> {});
    }

    /** @param lastAct what is worth to be tried, for a moment */
    static void end(int status, Runnable lastAct) {
        ending = true;
        try {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            tryToRun(() -> {
                lastAct.run();
                Logging.flush();
            });
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    /**
     * To be called before an orderly end, which what was cut off may have made possible: its status would be another
     * one.
     */
    static void goesFirst() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * LAST_ACTS_MILLIS);
        while (ending && System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
        }
    }

    private static void tryToRun(Runnable lastActs) {
        Thread trying = new Thread(lastActs, "wslproxy-last-acts");
        trying.setDaemon(true);
        trying.start();
        try {
            trying.join(LAST_ACTS_MILLIS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
