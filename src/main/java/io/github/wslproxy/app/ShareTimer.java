package io.github.wslproxy.app;

import io.github.wslproxy.app.ForwardSet.Share;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends each share when its time is over. One thread uses it. */
final class ShareTimer {
    static final Clock TIME_OF_DAY = Clock.systemUTC();

    private static final Logger log = LoggerFactory.getLogger(ShareTimer.class);

    private final ForwardEditor forwards;
    private final ScheduledExecutorService thread;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Duration longestWait;
    private Future<?> next = CompletableFuture.completedFuture(null);

    /**
     * Does nothing yet.
     *
     * @param thread the one that uses this
     * @param longestWait until it looks at the clocks again: the one that schedules stands still while the computer
     *     sleeps
     */
    ShareTimer(
            ForwardEditor forwards,
            ScheduledExecutorService thread,
            Clock clock,
            LongSupplier nanoTime,
            Duration longestWait) {
        this.forwards = forwards;
        this.thread = thread;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.longestWait = longestWait;
    }

    /** When a share is over that begins now. */
    Share.End endAfter(Duration length) {
        return Share.End.after(length, clock.instant(), nanoTime.getAsLong());
    }

    /** Waits for the share that ends first; call it after each new share. */
    void schedule() {
        next.cancel(false);
        Optional<Duration> first =
                forwards.current().shares().stream().map(this::left).min(Duration::compareTo);
        if (first.isPresent()) {
            long millis = Math.max(1, Math.min(first.get().toMillis(), longestWait.toMillis()));
            next = thread.schedule(this::endThoseThatAreOver, millis, TimeUnit.MILLISECONDS);
        }
    }

    private Duration left(Share share) {
        return share.end().left(clock.instant(), nanoTime.getAsLong());
    }

    private void endThoseThatAreOver() {
        List<String> over = forwards.current().shares().stream()
                .filter(share -> left(share).compareTo(Duration.ZERO) <= 0)
                .map(Share::name)
                .toList();
        try {
            for (String name : over) {
                forwards.edit(current -> current.without(name));
                log.info("[{}] is no longer shared: its time is over", name);
            }
            schedule();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
