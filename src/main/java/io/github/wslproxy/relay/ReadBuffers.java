package io.github.wslproxy.relay;

import io.github.wslproxy.forward.LimitSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The buffers that links read into, and how large a read may be. Large reads are what makes bulk fast; with a few
 * links whose receiver is slow they do no harm, with a thousand they would be a gigabyte. Java permits so much direct
 * memory ({@code -XX:MaxDirectMemorySize}), and a buffer beyond that would cost the link it is for. So reads become
 * smaller the more bytes wait, and when memory is nearly used up new clients are refused. Safe for any thread.
 */
public final class ReadBuffers {
    /** The largest read: one loopback stream moves twice the bytes per CPU second with it than with 64 KiB. */
    public static final int LARGEST = 1 << 20;

    private static final int MEDIUM = 64 * 1024;

    /** Up to here a read is small: it is not looked at how much memory the pool has taken. */
    public static final int SMALL = 16 * 1024;

    /** What a read may always ask for. */
    public static final int SMALLEST = 2 * 1024;

    private static final long OF_LINK = 2L * SMALLEST;
    private static final long PAUSE = Duration.ofSeconds(2).toNanos();
    private static final long NEVER = 0;
    private static final long MIB = 1 << 20;
    private static final long STEP = 16 * MIB;
    private static final long HEAP_AT_LEAST = 16 * MIB;

    /** Measured with 8,000 links and 4,000 sessions: 3.2 KiB of Java's heap for each. */
    private static final long HEAP_OF_ONE = 4 * 1024;

    private final LongSupplier reserved;
    private final LongSupplier filled;
    private final long max;
    private final long budget;
    private final long ofLoops;
    private final AtomicLong waiting = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private volatile long deniedAt = NEVER;

    /** Each event loop has its own. */
    private final FastThreadLocal<@Nullable ByteBuf> current = new FastThreadLocal<>() {
        @Override
        protected void onRemoval(@Nullable ByteBuf buffer) {
            if (buffer != null) {
                buffer.release();
            }
        }
    };

    /** Measures this JVM, which has one limit for all pools. */
    static ReadBuffers of(PooledByteBufAllocator pool, int loops) {
        LongSupplier reserved = PlatformDependent.usedDirectMemory() < 0
                ? () -> pool.metric().usedDirectMemory() // Netty does not count where Unsafe is denied to it.
                : PlatformDependent::usedDirectMemory;
        return new ReadBuffers(reserved, pool::pinnedDirectMemory, PlatformDependent.maxDirectMemory(), loops);
    }

    /**
     * @param reserved the bytes that are taken from the system; asked for each read
     * @param filled how many of them buffers hold; the pool may take some time to find out
     * @param max the bytes that may be reserved
     * @param loops event loops
     */
    public ReadBuffers(LongSupplier reserved, LongSupplier filled, long max, int loops) {
        this.reserved = reserved;
        this.filled = filled;
        this.max = max;
        this.budget = max / 4;
        this.ofLoops = (long) loops * (LARGEST + EventLoops.LARGEST_DATAGRAM);
    }

    /**
     * An empty buffer to read into, to be released: of {@link #LARGEST}, or a small one where there is no memory for
     * that. All links of an event loop read into the same buffer, one after the other: as a rule what was read is
     * written before the next read, and the buffer stays in the processor's cache. A link whose bytes have to wait
     * keeps the buffer, and the next read has another one. To be called on event loops only.
     *
     * @param pool where it is from
     */
    public ByteBuf take(ByteBufAllocator pool) {
        ByteBuf buffer = current.get();
        if (buffer != null && buffer.refCnt() == 1) {
            return buffer.clear().retain();
        }
        drop();
        ByteBuf another = pooled(pool, isShort() ? SMALL : LARGEST);
        if (another == null) {
            return Unpooled.buffer(SMALLEST, SMALLEST);
        }
        if (another.capacity() < LARGEST) {
            return another;
        }
        current.set(another);
        return another.retain();
    }

    /** Gives the memory of this event loop's buffer back, until its next read. */
    void drop() {
        current.remove();
    }

    /** A buffer for a copy, on the heap where the pool cannot grow any more. */
    public ByteBuf allocate(ByteBufAllocator pool, int bytes) {
        ByteBuf pooled = pooled(pool, bytes);
        return pooled == null ? Unpooled.buffer(bytes) : pooled;
    }

    private @Nullable ByteBuf pooled(ByteBufAllocator pool, int bytes) {
        if (wasDenied()) {
            return null;
        }
        try {
            return pool.ioBuffer(bytes);
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

    /** Notes that a buffer of {@code bytes} could not be written at once and waits. */
    public void stalled(int bytes) {
        waiting.addAndGet(bytes);
    }

    /** Notes that a buffer of {@code bytes} waits no longer, or is gone. */
    public void resumed(int bytes) {
        waiting.addAndGet(-bytes);
    }

    /** The bytes that wait: all that were noted as {@linkplain #stalled stalled} and have not gone on. */
    public long waiting() {
        return waiting.get();
    }

    /** How many bytes the next read may ask for; never below {@link #SMALLEST}. */
    public int largestRead() {
        int size = byWaiting();
        if (size > SMALL && isShort()) {
            size = SMALL;
        }
        return used() > max - max / 32 ? SMALLEST : size;
    }

    /**
     * How many of the bytes that a read wants it may ask for. A small read depends on what waits only: how much the
     * pool has taken is not known without a count.
     */
    public int permitted(int wanted) {
        int most = Math.min(wanted, byWaiting());
        return most <= SMALL ? most : Math.min(most, largestRead());
    }

    private int byWaiting() {
        long bytes = waiting();
        if (bytes < budget / 2) {
            return LARGEST;
        }
        if (bytes < budget) {
            return MEDIUM;
        }
        return bytes < budget + budget / 2 ? SMALL : SMALLEST;
    }

    /** Whether bytes that need not be read now are better left in the kernel. */
    public boolean isUsedUp() {
        return largestRead() == SMALLEST;
    }

    /** Whether a part of the last eighth is reserved: small buffers still fit between those there are. */
    private boolean isShort() {
        return used() > max - max / 8;
    }

    /** The bytes that are taken from the system. */
    public long used() {
        return reserved.getAsLong();
    }

    /** The bytes that may be taken from the system. */
    public long max() {
        return max;
    }

    /**
     * Whether there is room for one more client. A pool that is large because of a burst long ago is no reason against
     * it. The links there are may all need buffers at any moment: with more than have room it matters whether they
     * begin to.
     *
     * @param links open now
     */
    boolean permitsOneMore(int links) {
        boolean isFull = wasDenied()
                || (isShort() && filled.getAsLong() > max / 4 * 3)
                || (links > linksThatFit() && filled.getAsLong() > max / 2);
        if (isFull) {
            refused.increment();
        }
        return !isFull;
    }

    /** Clients that were refused for want of memory. */
    long refused() {
        return refused.sum();
    }

    /** How many links may have all their receivers stop reading. */
    int linksThatFit() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (max - alwaysNeeded() - ofLoops) / OF_LINK));
    }

    /** What may wait before reads are the smallest. */
    private long alwaysNeeded() {
        return budget + budget / 2;
    }

    /**
     * What to tell whoever set limits that the memory does not suffice for; empty if it does. At worst every receiver
     * of every link has stopped reading. Sessions need no memory but what each event loop receives datagrams in.
     */
    public Optional<String> warning(LimitSettings limits) {
        long ofLinks = limits.connections() * OF_LINK + ofLoops;
        long need = alwaysNeeded() + ofLinks;
        if (need <= max) {
            return Optional.empty();
        }
        long heap = HEAP_AT_LEAST + HEAP_OF_ONE * (limits.connections() + (long) limits.sessions());
        return Optional.of("max_connections = " + limits.connections() + " in [limits] may need "
                + roundUp(need, MIB) / MIB + " MiB of direct memory, Java permits " + max / MIB
                + " MiB; new clients are refused when it runs short: set max_connections to " + linksThatFit()
                + " or less, or -XX:MaxDirectMemorySize (jvm.options) to "
                + roundUp(ofLinks * 8 / 5, STEP) / MIB + "m and -Xmx to " + roundUp(heap, STEP) / MIB + "m or more");
    }

    private static long roundUp(long bytes, long step) {
        return (bytes + step - 1) / step * step;
    }
}
