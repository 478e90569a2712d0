package io.github.wslproxy.relay;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory waits in links whose receiver is slow, and how large a read may be in view of that. Large reads are
 * what makes bulk fast; with a few stalled links they do no harm, with a thousand they would be a gigabyte. Safe for
 * any thread.
 */
public final class ReadBudget {
    /** The largest read: one loopback stream moves twice the bytes per CPU second with it than with 64 KiB. */
    public static final int LARGEST = 1 << 20;

    /** What a read may always ask for. */
    public static final int SMALLEST = 2 * 1024;

    private static final int MEDIUM = 64 * 1024;

    /** Up to here a read is small: it is not looked at how much memory the pool has taken. */
    public static final int SMALL = 16 * 1024;

    private final AtomicLong waiting = new AtomicLong();
    private final long budget;
    private final DirectMemory memory;

    /** A quarter of the memory. */
    ReadBudget(DirectMemory memory) {
        this.memory = memory;
        this.budget = budget(memory.max());
    }

    private static long budget(long memory) {
        return memory / 4;
    }

    /** A buffer of {@code bytes} could not be written at once and waits. */
    public void stalled(int bytes) {
        waiting.addAndGet(bytes);
    }

    /** A buffer of {@code bytes} waits no longer, or is gone. */
    public void resumed(int bytes) {
        waiting.addAndGet(-bytes);
    }

    public long waiting() {
        return waiting.get();
    }

    /** How many bytes the next read may ask for; never below {@link #SMALLEST}. */
    public int largestRead() {
        int size = largestRead(waiting.get(), budget);
        return switch (memory.shortage()) {
            case NONE -> size;
            case TIGHT -> Math.min(size, SMALL);
            case EXHAUSTED -> SMALLEST;
        };
    }

    /**
     * How many of the bytes that a read wants it may ask for. For a small read it is looked at what waits only: how
     * much the pool has taken is not known without a count.
     */
    public int permitted(int wanted) {
        int most = Math.min(wanted, largestRead(waiting.get(), budget));
        return most <= SMALL ? most : Math.min(most, largestRead());
    }

    private static int largestRead(long waiting, long budget) {
        if (waiting < budget / 2) {
            return LARGEST;
        }
        if (waiting < budget) {
            return MEDIUM;
        }
        return waiting < budget + budget / 2 ? SMALL : SMALLEST;
    }

    /** Whether bytes that need not be read now are better left in the kernel. */
    public boolean isUsedUp() {
        return largestRead() == SMALLEST;
    }

    /** What so many receivers that have stopped make wait at worst, of a memory of {@code memory} bytes. */
    static long mostWaiting(long receivers, long memory) {
        long budget = budget(memory);
        long waiting = 0;
        long left = receivers;
        while (left > 0) {
            int size = largestRead(waiting, budget);
            if (size == SMALLEST) {
                return waiting + left * SMALLEST;
            }
            waiting += size;
            left--;
        }
        return waiting;
    }
}
