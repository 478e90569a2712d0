package io.github.wslproxy.status;

import com.sun.net.httpserver.HttpServer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two threads for the status page, and a deadline for each exchange on them, from its first byte to its last.
 *
 * <p>The deadline is an interrupt: a thread that reads from or writes to a socket channel then closes it. The JDK's own
 * limits (sun.net.httpserver.maxReqTime) hold for the whole process, and are seconds in its code but milliseconds in
 * its documentation.
 */
final class StatusThreads implements Executor, AutoCloseable {
    static final int THREADS = 2;
    static final int QUEUED = 32;

    private static final String NAME = "wslproxy-status";
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final AtomicInteger count = new AtomicInteger();
    private final Duration deadline;
    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor clock;

    StatusThreads(Duration deadline) {
        this.deadline = deadline;
        ThreadFactory daemons = this::daemon;
        workers = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE.toSeconds(), TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), daemons);
        workers.allowCoreThreadTimeOut(true);
        clock = new ScheduledThreadPoolExecutor(1, daemons);
        clock.setRemoveOnCancelPolicy(true);
    }

    /**
     * Called by the server with one exchange, whose first byte has arrived.
     *
     * @throws RejectedExecutionException if too many wait already; the server then closes the connection
     */
    @Override
    public void execute(Runnable exchange) {
        workers.execute(() -> runUntilDeadline(exchange));
    }

    /** Starts the server's own thread, too, as a daemon: it takes that from the thread which starts it. */
    void startAsDaemon(HttpServer server) {
        Thread starter = daemon(server::start);
        starter.start();
        boolean interrupted = false;
        while (starter.isAlive()) {
            try {
                starter.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        clock.shutdownNow();
    }

    private void runUntilDeadline(Runnable exchange) {
        FutureTask<?> task = new FutureTask<>(exchange, null);
        Future<?> end;
        try {
            end = clock.schedule(() -> task.cancel(true), deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closedMeanwhile) {
            return; // The server has closed the connection.
        }
        try {
            task.run();
        } finally {
            end.cancel(false);
        }
    }

    private Thread daemon(Runnable work) {
        Thread thread = new Thread(work, NAME + "-" + count.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
