package io.github.wslproxy.bench.soak;

import io.github.wslproxy.bench.ComputerLoad;
import java.io.IOException;

/**
 * Keeps the computer busy, but not full: what every client waits between two acts grows and shrinks with the load of
 * all cores, so that a slower computer, or one with other work, gets less of it. Changed by one thread, read by any.
 */
final class Throttle {
    private static final double MOST_BUSY = 0.70;
    private static final double LEAST_BUSY = 0.60;
    private static final double SHORTEST_MILLIS = 2;
    private static final double LONGEST_MILLIS = 1000;

    private final ComputerLoad load = new ComputerLoad();
    private volatile double pauseMillis = 100;
    private volatile double busy;

    Throttle() throws IOException {}

    /** To be called about once a second while clients act. */
    void adjust() throws IOException {
        busy = load.busyShare();
        if (busy > MOST_BUSY) {
            pauseMillis = Math.min(LONGEST_MILLIS, pauseMillis * 1.25);
        } else if (busy < LEAST_BUSY) {
            pauseMillis = Math.max(SHORTEST_MILLIS, pauseMillis * 0.85);
        }
    }

    /** 0 to 1, at the last look. */
    double busy() {
        return busy;
    }

    double pauseMillis() {
        return pauseMillis;
    }
}
