package io.github.wslproxy.status;

import java.lang.ref.SoftReference;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Keeps the newest snapshot, so that a flood of requests does not take one each. Safe for any thread. */
final class SnapshotCache {
    private final Supplier<Snapshot> source;
    private final Pace pace;

    /** Of thousands of forwards it is megabytes, which the heap may take back when it is short of them. */
    private SoftReference<RenderedSnapshot> newest = new SoftReference<>(null);

    /**
     * Snapshots are numbered in the order in which they were begun, so that an older one never replaces a newer one.
     */
    private long begun;

    private long newestNumber;

    /** @param period between two snapshots, on average */
    SnapshotCache(Supplier<Snapshot> source, Duration period, LongSupplier nanoTime) {
        this.source = source;
        this.pace = new Pace(period, nanoTime);
    }

    /** The newest snapshot, where that has to do; empty if whoever asks is to {@link #renew} it. */
    synchronized Optional<RenderedSnapshot> standing() {
        boolean mayRenew = pace.take();
        return mayRenew ? Optional.empty() : Optional.ofNullable(newest.get());
    }

    /** Takes another snapshot; may block as long as its source does. */
    RenderedSnapshot renew() {
        long number = begin();
        RenderedSnapshot taken = new RenderedSnapshot(source.get());
        keep(taken, number);
        return taken;
    }

    /** What was taken so far, or is being taken, is out of date. */
    synchronized void forget() {
        newest.clear();
        newestNumber = begun;
    }

    private synchronized long begin() {
        return ++begun;
    }

    private synchronized void keep(RenderedSnapshot taken, long number) {
        if (number > newestNumber) {
            newest = new SoftReference<>(taken);
            newestNumber = number;
        }
    }
}
