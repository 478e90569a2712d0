package io.github.wslproxy.relay;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what there is of one kind, and refuses beyond a number. Safe for any thread. */
public final class Cap {
    private final AtomicInteger used = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private volatile int max;

    public Cap(int max) {
        this.max = max;
    }

    /** Another number from now on; what is beyond it stays. */
    void limit(int most) {
        max = most;
    }

    /** Whether there was room for one more, which then has to be given back. */
    public boolean take() {
        int before = used.get();
        // Never beyond the number, not even for a moment: others may be looking.
        while (before < max) {
            if (used.compareAndSet(before, before + 1)) {
                return true;
            }
            before = used.get();
        }
        return false;
    }

    public void giveBack() {
        used.decrementAndGet();
    }

    /** Whether there is no room at this moment. */
    public boolean isUsedUp() {
        return used.get() >= max;
    }

    /** A client was refused for want of room. */
    public void countRefused() {
        refused.increment();
    }

    public int used() {
        return used.get();
    }

    public int max() {
        return max;
    }

    public long refused() {
        return refused.sum();
    }
}
