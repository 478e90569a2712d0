package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;

/** The end of the process that waits for nobody. */
final class AtOnce {
    /** For the lines of the log that still wait; a disk or a console that stands still is not waited for longer. */
    private static final long LAST_LINES_MILLIS = 500;

    private AtOnce() {}

    /** Ends this process and what it has started, without the orderly way. */
    static void end(int status) {
        try {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            writeLastLines();
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }

    private static void writeLastLines() {
        Thread writing = new Thread(Logging::flush, "wslproxy-last-lines");
        writing.setDaemon(true);
        writing.start();
        try {
            writing.join(LAST_LINES_MILLIS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
