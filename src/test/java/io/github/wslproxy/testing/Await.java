package io.github.wslproxy.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for something that happens elsewhere, with a deadline instead of a guess. */
public final class Await {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Await() {}

    public static void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not happen within " + DEADLINE);
            }
            Thread.sleep(5);
        }
    }

    /** Waits until {@code value} is above zero and has stayed the same for {@code quiet}. */
    public static void untilUnchanged(Callable<Long> value, Duration quiet) throws Exception {
        long end = System.nanoTime() + DEADLINE.toNanos();
        long last = -1;
        long since = System.nanoTime();
        while (last <= 0 || System.nanoTime() - since < quiet.toNanos()) {
            long now = value.call();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("did not settle within " + DEADLINE);
            }
            Thread.sleep(5);
        }
    }
}
