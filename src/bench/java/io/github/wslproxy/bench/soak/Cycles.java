package io.github.wslproxy.bench.soak;

import io.github.wslproxy.bench.RunningProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Load and weather, and a quiet moment, again and again. The first quarter of the time is the warm-up, in which the JVM
 * compiles, and tables and pools fill.
 */
final class Cycles {
    private static final Duration LONGEST_LOAD = Duration.ofSeconds(40);
    private static final int LEAST_CYCLES = 6;
    private static final int WARM_UP_SHARE = 4;

    private final RunningProxy proxy;
    private final InetSocketAddress steady;
    private final Visitors visitors;
    private final Weather weather;
    private final QuietMoments quiet;
    private final Judge judge;

    /** @param steady a forward that no edit touches */
    Cycles(
            RunningProxy proxy,
            InetSocketAddress steady,
            Visitors visitors,
            Weather weather,
            QuietMoments quiet,
            Judge judge) {
        this.proxy = proxy;
        this.steady = steady;
        this.visitors = visitors;
        this.weather = weather;
        this.quiet = quiet;
        this.judge = judge;
    }

    /** Blocks for about {@code length}, and ends with a quiet moment. */
    void run(Duration length) throws IOException, InterruptedException, ExecutionException {
        long began = System.nanoTime();
        long load = Math.min(LONGEST_LOAD.toNanos(), length.toNanos() / LEAST_CYCLES);
        quiet.take();
        while (System.nanoTime() - began < length.toNanos() - load || !quiet.isWarm()) {
            load(System.nanoTime() + load);
            if (!proxy.isAlive()) {
                throw new IOException("the proxy has ended by itself, pid " + proxy.pid());
            }
            quiet.take();
            if (!quiet.isWarm() && System.nanoTime() - began > length.toNanos() / WARM_UP_SHARE) {
                quiet.warmUpIsOver();
            }
        }
    }

    private void load(long end) throws IOException, InterruptedException, ExecutionException {
        Judge.Moment began = judge.now();
        try (IdleHerd idle = new IdleHerd(steady)) {
            List<Future<?>> acting = visitors.actUntil(end);
            weather.blowUntil(end);
            visitors.await(acting);
            try {
                idle.wakeAndPart();
            } catch (IOException e) {
                judge.failed("idle links", e, began);
            }
        }
    }
}
