package io.github.wslproxy.os;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Daemon threads of one name for scheduled work. The JDK's own executor keeps what its work throws to itself and never
 * runs that again; this one {@linkplain Fault#escalate escalates} it, until it is shut down.
 */
public final class NamedThreads extends ScheduledThreadPoolExecutor {

    /**
     * Starts no thread yet.
     *
     * @param count most threads, at least 1
     */
    public NamedThreads(String name, int count) {
        super(count, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    protected void afterExecute(Runnable work, @Nullable Throwable thrown) {
        if (!isShutdown() && work instanceof Future<?> future && future.isDone() && !future.isCancelled()) {
            try {
                future.get();
            } catch (ExecutionException failed) {
                Fault.escalate(Objects.requireNonNullElse(failed.getCause(), failed));
            } catch (InterruptedException | CancellationException ending) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
