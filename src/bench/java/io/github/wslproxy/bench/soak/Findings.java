package io.github.wslproxy.bench.soak;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What should not have happened. One fails the soak. Safe for any thread. */
final class Findings {
    /** One defect may show a million times. */
    private static final int MOST_KEPT = 40;

    private final Queue<String> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final long began = System.nanoTime();

    void add(String what) {
        if (count.incrementAndGet() <= MOST_KEPT) {
            String line = "after %d s: %s".formatted((System.nanoTime() - began) / 1_000_000_000, what);
            kept.add(line);
            System.err.println("soak: " + line);
        }
    }

    int count() {
        return count.get();
    }

    /** The first of them. */
    List<String> first() {
        return List.copyOf(kept);
    }
}
