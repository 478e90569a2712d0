package io.github.wslproxy.relay;

import io.github.wslproxy.forward.TotalLimits;
import java.util.Optional;

/**
 * How much direct memory the limits of the program permit at worst: every receiver of every link has stopped reading.
 * Datagrams need none but what each event loop receives them in. What else is kept of clients, such as datagrams for a
 * VM that is being started, is on the heap and has caps of its own.
 */
public final class MemoryNeed {
    private static final long MIB = 1 << 20;
    private static final long STEP = 16 * MIB;
    private static final long HEAP_AT_LEAST = 16 * MIB;
    private static final long HEAP_OF_ONE = 4 * 1024;

    /** Beyond that it is not memory that is missing. */
    private static final long TOO_MUCH = 1L << 40;

    private static final int MOST_LINKS = 1_000_000;

    private MemoryNeed() {}

    /**
     * What to tell whoever set limits that the memory does not suffice for; empty if it does.
     *
     * @param max the direct memory that Java permits, in bytes
     * @param loops event loops
     */
    public static Optional<String> warning(TotalLimits limits, long max, int loops) {
        long need = worst(limits, max, loops);
        if (need <= max) {
            return Optional.empty();
        }
        return Optional.of("max_connections = " + limits.connections() + " in [limits] may need " + inMib(need)
                + " MiB of direct memory, Java permits " + max / MIB
                + " MiB; new clients are refused when it runs short:"
                + " set max_connections to " + fitting(limits, max, loops) + " or less, or -XX:MaxDirectMemorySize"
                + " (jvm.options) to " + sufficient(limits, max, loops) / MIB + "m and -Xmx to "
                + heap(limits) / MIB + "m or more");
    }

    /** What Java's heap then has to hold, in bytes: measured with 8,000 links and 4,000 sessions, 3.2 KiB for each. */
    static long heap(TotalLimits limits) {
        long all = HEAP_AT_LEAST + HEAP_OF_ONE * (limits.connections() + (long) limits.sessions());
        return (all + STEP - 1) / STEP * STEP;
    }

    /** In bytes. Depends on what there is too, as reads are larger where there is more. */
    static long worst(TotalLimits limits, long max, int loops) {
        long waiting = ReadBudget.mostWaiting(2L * limits.connections(), max);
        long beingRead = (long) loops * (ReadBudget.LARGEST + EventLoops.LARGEST_DATAGRAM);
        return waiting + beingRead;
    }

    /** How many links {@code max} bytes suffice for, with any number of sessions. */
    static int linksThatFit(long max) {
        return fitting(new TotalLimits(MOST_LINKS, 1, MOST_LINKS, 0), max, 2);
    }

    private static int fitting(TotalLimits limits, long max, int loops) {
        int fits = 0;
        int tooMany = limits.connections();
        while (tooMany - fits > 1) {
            int middle = (fits + tooMany) >>> 1;
            TotalLimits tried = new TotalLimits(middle, limits.connecting(), limits.sessions(), 0);
            if (worst(tried, max, loops) <= max) {
                fits = middle;
            } else {
                tooMany = middle;
            }
        }
        return Math.max(1, fits);
    }

    private static long sufficient(TotalLimits limits, long max, int loops) {
        long tried = max / STEP * STEP + STEP;
        while (worst(limits, tried, loops) > tried && tried < TOO_MUCH) {
            tried += STEP;
        }
        return tried;
    }

    private static long inMib(long bytes) {
        return (bytes + MIB - 1) / MIB;
    }
}
