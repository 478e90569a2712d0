package io.github.wslproxy.status;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Daemon threads for answers that take their time or block. An answer is interrupted at its deadline. */
final class StatusWorkers implements AutoCloseable {
    static final int THREADS = 2;

    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Response BUSY = Response.line(503, "too much was asked for at once; ask again in a moment");
    private static final Response LATE = Response.line(503, "it takes too long; ask again in a moment");

    private final ThreadPoolExecutor threads;
    private final EventLoop clock;
    private final Duration deadline;

    /** @param queued how many answers may wait for a thread */
    StatusWorkers(String name, int queued, EventLoop clock, Duration deadline) {
        this.clock = clock;
        this.deadline = deadline;
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE.toSeconds(), TimeUnit.SECONDS, new ArrayBlockingQueue<>(queued), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Has a response made.
     *
     * @param failed the response for what {@code make} throws
     * @param reply called once, on any thread
     */
    void make(Callable<Response> make, Function<Throwable, Response> failed, Consumer<Response> reply) {
        FutureTask<Response> task = new FutureTask<>(make) {
            @Override
            protected void done() {
                reply.accept(isCancelled() ? LATE : result(this, failed));
            }
        };
        try {
            threads.execute(() -> runUntilDeadline(task));
        } catch (RejectedExecutionException tooMany) {
            reply.accept(BUSY);
        }
    }

    private static Response result(Future<Response> ended, Function<Throwable, Response> failed) {
        try {
            return ended.get();
        } catch (ExecutionException failure) {
            return failed.apply(failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return LATE;
        }
    }

    private void runUntilDeadline(FutureTask<?> task) {
        Future<?> end;
        try {
            end = clock.schedule(() -> task.cancel(true), deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            return;
        }
        try {
            task.run();
        } finally {
            end.cancel(false);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
