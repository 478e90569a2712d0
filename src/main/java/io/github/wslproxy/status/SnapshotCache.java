package io.github.wslproxy.status;

import java.lang.ref.SoftReference;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Keeps the newest snapshot, so that a flood of requests does not take one each. Safe for any thread. */
final class SnapshotCache {
    /** A QR code for each URL of thousands of forwards would fill the heap. */
    private static final int MOST_DOCUMENTS = 64;

    private final Supplier<Snapshot> source;
    private final Pace pace;

    /** A snapshot of thousands of forwards is megabytes, which the heap may take back when it is short of them. */
    private SoftReference<Rendered> newest = new SoftReference<>(null);

    /** Numbers snapshots in the order in which they were begun, so that an older one never replaces a newer one. */
    private long begun;

    private long newestNumber;

    /** @param period between two snapshots, on average */
    SnapshotCache(Supplier<Snapshot> source, Duration period, LongSupplier nanoTime) {
        this.source = source;
        this.pace = new Pace(period, nanoTime);
    }

    /**
     * A snapshot with the documents that were made of it, each once: many clients then share the bytes, which are
     * megabytes where there are thousands of forwards. Safe for any thread.
     */
    static final class Rendered {
        private final Snapshot snapshot;
        private final Map<String, Response> documents = new ConcurrentHashMap<>();

        private Rendered(Snapshot snapshot) {
            this.snapshot = snapshot;
        }

        /** The document of that name, if it was made already. */
        @Nullable
        Response ready(String name) {
            return documents.get(name);
        }

        /** Makes the document unless it was made already; not for an event loop, as it takes its time. */
        Response response(String name, Function<Snapshot, Response> make) {
            Response ready = documents.get(name);
            if (ready != null) {
                return ready;
            }
            Response made = make.apply(snapshot);
            if (made.status() == 200 && documents.size() < MOST_DOCUMENTS) {
                documents.put(name, made);
            }
            return made;
        }
    }

    /** The newest snapshot, unless another one may be taken now; then the caller is to {@link #renew} it. */
    synchronized Optional<Rendered> standing() {
        boolean mayRenew = pace.take();
        return mayRenew ? Optional.empty() : Optional.ofNullable(newest.get());
    }

    /** Takes another snapshot; may block as long as its source does. */
    Rendered renew() {
        long number = begin();
        Rendered taken = new Rendered(source.get());
        keep(taken, number);
        return taken;
    }

    /** The snapshots taken so far, and those being taken now, are out of date from here on. */
    synchronized void forget() {
        newest.clear();
        newestNumber = begun;
    }

    private synchronized long begin() {
        return ++begun;
    }

    private synchronized void keep(Rendered taken, long number) {
        if (number > newestNumber) {
            newest = new SoftReference<>(taken);
            newestNumber = number;
        }
    }
}
