package io.github.wslproxy.bench.soak;

import java.util.concurrent.ThreadFactory;

/** Threads that a dump can be read by, and that do not keep the soak alive. */
final class DaemonThreads {
    private DaemonThreads() {}

    static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
