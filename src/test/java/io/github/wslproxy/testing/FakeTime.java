package io.github.wslproxy.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A scheduler whose time passes only when a test says so; what is due runs on the test's own thread. */
public final class FakeTime extends ScheduledThreadPoolExecutor {
    private final List<Due> all = new ArrayList<>();
    private long now;

    private record Due(long at, long period, Runnable task, Handle handle) {
        Due next(long at) {
            return new Due(at, period, task, handle);
        }
    }

    /** Cancels; nothing completes it. */
    private static final class Handle extends CompletableFuture<Object> implements ScheduledFuture<Object> {
        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int compareTo(Delayed other) {
            throw new UnsupportedOperationException();
        }
    }

    public FakeTime() {
        super(0, Executors.defaultThreadFactory());
    }

    /** What was given to run at once is run too. */
    public void pass(Duration time) {
        long end = now + time.toNanos();
        Optional<Due> next = next(end);
        while (next.isPresent()) {
            Due due = next.get();
            all.remove(due);
            now = due.at();
            if (due.period() > 0) {
                all.add(due.next(now + due.period()));
            }
            due.task().run();
            next = next(end);
        }
        now = end;
    }

    /**
     * The computer sleeps for {@code time} and wakes up: what was due meanwhile is run once, late.
     */
    public void sleep(Duration time) {
        now += time.toNanos();
        List<Due> missed = all.stream()
                .filter(due -> due.at() <= now && !due.handle().isCancelled())
                .sorted(Comparator.comparingLong(Due::at))
                .toList();
        for (Due due : missed) {
            all.remove(due);
            if (due.period() > 0) {
                all.add(due.next(now + due.period()));
            }
            due.task().run();
        }
    }

    /** The clock that goes with it; for {@link System#nanoTime}. */
    public long nanoTime() {
        return now;
    }

    private Optional<Due> next(long end) {
        all.removeIf(due -> due.handle().isCancelled());
        return all.stream().filter(due -> due.at() <= end).min(Comparator.comparingLong(Due::at));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return add(delay, 0, unit, task);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long first, long period, TimeUnit unit) {
        return add(first, period, unit, task);
    }

    private ScheduledFuture<?> add(long delay, long period, TimeUnit unit, Runnable task) {
        if (isShutdown()) {
            throw new RejectedExecutionException("shut down");
        }
        Handle handle = new Handle();
        all.add(new Due(now + unit.toNanos(delay), unit.toNanos(period), task, handle));
        return handle;
    }
}
