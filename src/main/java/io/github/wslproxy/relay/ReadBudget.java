package io.github.wslproxy.relay;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory waits in links whose receiver is slow, and how large a read may be in view of that. Large reads are
 * what makes bulk fast; with a few stalled links they do no harm, with a thousand they would be a gigabyte. Safe for any
 * thread.
 */
public final class ReadBudget {
    /** The largest read: one loopback stream moves twice the bytes per CPU second with it than with 64 KiB. */
    public static final int LARGEST = 1 << 20;

    private static final int MEDIUM = 64 * 1024;
    private static final int SMALL = 16 * 1024;
    private static final int SMALLEST = 2 * 1024;

    private final AtomicLong waiting = new AtomicLong();
    private final long budget;

    /** A quarter of the direct memory that this JVM may use. */
    ReadBudget() {
        this(PlatformDependent.maxDirectMemory() / 4);
    }

    ReadBudget(long budget) {
        this.budget = budget;
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

    /** How many bytes the next read may ask for; never below 2 KiB. */
    public int largestRead() {
        long now = waiting.get();
        if (now < budget / 2) {
            return LARGEST;
        }
        if (now < budget) {
            return MEDIUM;
        }
        return now < 2 * budget ? SMALL : SMALLEST;
    }
}
