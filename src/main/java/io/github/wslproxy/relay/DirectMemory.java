package io.github.wslproxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the buffers, of which Java permits so much ({@code -XX:MaxDirectMemorySize}): a buffer beyond that is
 * an error which ends the link it is for. When it is nearly used up reads become small, so that what is left lasts, and
 * new clients are turned away. Safe for any thread.
 */
public final class DirectMemory {
    private static final long PAUSE = Duration.ofSeconds(2).toNanos();
    private static final long NEVER = 0;

    enum Shortage {
        NONE,
        /** A part of the last eighth is reserved: small buffers still fit between those there are. */
        TIGHT,
        /** Next to nothing can be reserved any more. */
        EXHAUSTED
    }

    /** Reads of links that may be under way, or wait, before Java is asked for more. */
    private static final int SPARE_READS = 64;

    private final SpareBuffers spareReads = new SpareBuffers(SPARE_READS, ReadBudget.SMALLEST);
    private final LongSupplier reserved;
    private final LongSupplier filled;
    private final long max;
    private final int linksThatFit;
    private final LongAdder refused = new LongAdder();
    private volatile long deniedAt = NEVER;

    /** Of this JVM, which has one limit for all pools. */
    static DirectMemory of(PooledByteBufAllocator pool) {
        LongSupplier reserved = PlatformDependent.usedDirectMemory() < 0
                ? () -> pool.metric().usedDirectMemory() // Netty does not count where Unsafe is denied to it.
                : PlatformDependent::usedDirectMemory;
        return new DirectMemory(reserved, pool::pinnedDirectMemory, PlatformDependent.maxDirectMemory());
    }

    /**
     * @param reserved what is taken from the system, in bytes; asked for each read
     * @param filled what buffers hold of it; the pool may take some time to find out
     * @param max what may be reserved, in bytes
     */
    public DirectMemory(LongSupplier reserved, LongSupplier filled, long max) {
        this.reserved = reserved;
        this.filled = filled;
        this.max = max;
        this.linksThatFit = MemoryNeed.linksThatFit(max);
    }

    /** What is taken from the system, in bytes. */
    public long used() {
        return reserved.getAsLong();
    }

    /** In bytes. */
    public long max() {
        return max;
    }

    /** How short memory is. The pool counts all it has for each answer. */
    Shortage shortage() {
        long used = used();
        if (used > max - max / 32) {
            return Shortage.EXHAUSTED;
        }
        return used > max - max / 8 ? Shortage.TIGHT : Shortage.NONE;
    }

    /**
     * Whether there is room for one more client. A pool that is large because of a burst long ago is no reason.
     *
     * @param links open now
     */
    boolean permitsOneMore(int links) {
        if (wasDenied() || (shortage() != Shortage.NONE && filled.getAsLong() > max / 4 * 3) || isOverbooked(links)) {
            refused.increment();
            return false;
        }
        return true;
    }

    /**
     * The links there are may all need buffers at any moment; with more than have room it matters whether they begin
     * to.
     */
    private boolean isOverbooked(int links) {
        return links > linksThatFit && filled.getAsLong() > max / 2;
    }

    /**
     * A buffer for what a link receives, a small spare one where the pool cannot grow any more: a link that is there
     * does not end for want of memory.
     */
    public ByteBuf forLink(ByteBufAllocator pool, int size) {
        ByteBuf pooled = pooled(pool, size);
        return pooled == null ? spareReads.take(Math.min(size, ReadBudget.SMALLEST)) : pooled;
    }

    private @Nullable ByteBuf pooled(ByteBufAllocator pool, int size) {
        if (wasDenied()) {
            return null;
        }
        try {
            return pool.ioBuffer(size);
        } catch (OutOfMemoryError cannotGrow) {
            deniedAt = System.nanoTime() | 1;
            return null;
        }
    }

    /**
     * Whether the pool could not grow a moment ago. It is left alone then, as Java tries for half a second before it
     * denies memory, and all links of the event loop wait for that.
     */
    private boolean wasDenied() {
        long at = deniedAt;
        return at != NEVER && System.nanoTime() - at < PAUSE;
    }

    long refused() {
        return refused.sum();
    }
}
