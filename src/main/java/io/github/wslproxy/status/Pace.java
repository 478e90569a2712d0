package io.github.wslproxy.status;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets something happen once in a period on average, and a few times at once after a pause: a command sees what the
 * command before it has done, and a flood of requests costs no more than one client that asks all the time. Safe for
 * any thread.
 */
final class Pace {
    private static final int AT_ONCE = 5;

    private final long periodNanos;
    private final LongSupplier nanoTime;

    /** When the next one would be due if all so far had kept to the period. */
    private long due;

    Pace(Duration period, LongSupplier nanoTime) {
        this.periodNanos = period.toNanos();
        this.nanoTime = nanoTime;
        this.due = nanoTime.getAsLong();
    }

    /** Whether it may happen now; then it counts. */
    synchronized boolean take() {
        long now = nanoTime.getAsLong();
        if (due - now > (AT_ONCE - 1) * periodNanos) {
            return false;
        }
        due = (due - now > 0 ? due : now) + periodNanos;
        return true;
    }
}
