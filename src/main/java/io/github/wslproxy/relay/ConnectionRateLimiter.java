package io.github.wslproxy.relay;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many connections one client may open in a second. Each client has a token bucket, kept as one number: the time
 * until which its tokens are spent (GCRA, ITU-T I.371). Programs of this computer are not counted: a load test is no
 * flood, and they share an address. For TCP only, where the address of a client cannot be forged. Safe for any thread,
 * without a lock.
 */
public final class ConnectionRateLimiter {
    /** All clients beyond this number share one bucket, so thousands of addresses gain no more than one. */
    static final int MOST_SOURCES = 4096;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final Map<ClientKey, AtomicLong> spentUntil = new ConcurrentHashMap<>();
    private final AtomicLong ofTheRest;
    private final AtomicLong cleared;
    private final LongAdder refused = new LongAdder();
    private volatile int perSecond;

    /** @param perSecond 0: no limit */
    ConnectionRateLimiter(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        ofTheRest = new AtomicLong(nanoTime.getAsLong());
        cleared = new AtomicLong(nanoTime.getAsLong());
    }

    void limit(int most) {
        perSecond = most;
    }

    /** Takes a token of the client's source, if there is one. */
    boolean take(ClientKey client) {
        int limit = perSecond;
        if (limit == 0 || client.own()) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (takeToken(bucket(client, now), now, SECOND / limit)) {
            return true;
        }
        refused.increment();
        return false;
    }

    private static boolean takeToken(AtomicLong bucket, long now, long price) {
        while (true) {
            long spent = bucket.get();
            long from = spent - now > 0 ? spent : now;
            if (from + price - now > SECOND) {
                return false;
            }
            if (bucket.compareAndSet(spent, from + price)) {
                return true;
            }
        }
    }

    private AtomicLong bucket(ClientKey source, long now) {
        AtomicLong known = spentUntil.get(source);
        if (known != null) {
            return known;
        }
        clear(now);
        return spentUntil.size() < MOST_SOURCES
                ? spentUntil.computeIfAbsent(source, unused -> new AtomicLong(now))
                : ofTheRest;
    }

    /** Forgets, once a second, the buckets that are full: one made anew is as full. */
    private void clear(long now) {
        long last = cleared.get();
        if (now - last >= SECOND && cleared.compareAndSet(last, now)) {
            forgetFull(now);
        }
    }

    private void forgetFull(long now) {
        spentUntil.values().removeIf(spent -> spent.get() - now <= 0);
    }

    /** How many sources have come within about the last second. */
    int sources() {
        forgetFull(nanoTime.getAsLong());
        return spentUntil.size();
    }

    int perSecond() {
        return perSecond;
    }

    long refused() {
        return refused.sum();
    }
}
