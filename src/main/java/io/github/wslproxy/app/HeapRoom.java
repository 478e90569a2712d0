package io.github.wslproxy.app;

import java.util.function.LongSupplier;

/**
 * Whether the heap has room to read a configuration beside what runs. Java ends the program where memory runs out, so
 * this is asked before: with limits above the defaults, connections may need more of the heap than is left for an edit.
 */
final class HeapRoom {
    private static final long MIB = 1 << 20;

    /** Measured with the most hostile file that the limits of a file permit. */
    private static final long NEEDED = 30 * MIB;

    /** Of a heap that is smaller than the shipped one. */
    private static final int SHARE = 4;

    private final long needed;
    private final LongSupplier free;
    private final Runnable collect;

    HeapRoom() {
        this(Runtime.getRuntime().maxMemory(), HeapRoom::freeNow, System::gc);
    }

    /**
     * @param max how large the heap may be, in bytes
     * @param free how much of that is free now, in bytes; what could be collected counts as used
     * @param collect collects that
     */
    HeapRoom(long max, LongSupplier free, Runnable collect) {
        this.needed = Math.min(NEEDED, max / SHARE);
        this.free = free;
        this.collect = collect;
    }

    /** May hold up the whole program for some milliseconds where it is short. */
    boolean isShort() {
        if (free.getAsLong() >= needed) {
            return false;
        }
        collect.run();
        return free.getAsLong() < needed;
    }

    /** In words: how much is free, and how much it should be. */
    String words() {
        return free.getAsLong() / MIB + " MiB of Java's heap are free, " + needed / MIB + " may be needed";
    }

    private static long freeNow() {
        Runtime java = Runtime.getRuntime();
        return java.maxMemory() - (java.totalMemory() - java.freeMemory());
    }
}
