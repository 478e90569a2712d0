package io.github.wslproxy.app;

import java.util.function.LongSupplier;

/**
 * Tells whether the heap has room to read a configuration beside what runs. It is asked before, because Java ends the
 * program where memory runs out: with limits above the defaults, connections may leave too little for an edit.
 */
final class HeapRoom {
    private static final long MIB = 1 << 20;

    /** What the most hostile file needed that the limits of a file permit, as measured. */
    private static final long NEEDED = 30 * MIB;

    /** A heap that is smaller than the shipped one needs only this part of itself. */
    private static final int PART = 4;

    private final long needed;
    private final LongSupplier free;
    private final Runnable collect;

    HeapRoom() {
        this(Runtime.getRuntime().maxMemory(), HeapRoom::freeNow, System::gc);
    }

    /**
     * @param max how large the heap may be, in bytes
     * @param free how much of that is free now, in bytes; garbage counts as used
     * @param collect collects the garbage
     */
    HeapRoom(long max, LongSupplier free, Runnable collect) {
        this.needed = Math.min(NEEDED, max / PART);
        this.free = free;
        this.collect = collect;
    }

    /** Whether there is too little room; finding that out may hold up the whole program for some milliseconds. */
    boolean isShort() {
        if (free.getAsLong() >= needed) {
            return false;
        }
        collect.run();
        return free.getAsLong() < needed;
    }

    /** How much is free and how much should be, in words. */
    String words() {
        return free.getAsLong() / MIB + " MiB of Java's heap are free, " + needed / MIB + " may be needed";
    }

    private static long freeNow() {
        Runtime java = Runtime.getRuntime();
        return java.maxMemory() - (java.totalMemory() - java.freeMemory());
    }
}
