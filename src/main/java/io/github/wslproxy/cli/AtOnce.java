package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;

/** The end of the process that waits for nobody. */
final class AtOnce {
    /** A disk or a console that stands still is not waited for longer. */
    private static final long LAST_ACTS_MILLIS = 1500;

    private AtOnce() {}

    /** Ends this process and what it has started, without the orderly way. The last lines of the log are still written. */
    static void end(int status) {
        end(status, () -> {});
    }

    /** @param lastAct what is worth to be tried, for a moment */
    static void end(int status, Runnable lastAct) {
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
