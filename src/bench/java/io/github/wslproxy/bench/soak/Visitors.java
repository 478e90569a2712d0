package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/** The clients: each picks a play, acts it, rests, and picks another. */
final class Visitors {
    private static final int AT_ONCE = 24;

    /** No play waits longer for anything than 30 s; some wait for several things. */
    private static final long LONGEST_PLAY_SECONDS = 90;

    private final List<Play> deck = new ArrayList<>();
    private final Judge judge;
    private final Throttle throttle;
    private final Findings findings;
    private final long seed;
    private final Map<String, LongAdder> acts = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(DaemonThreads.named("visitor"));
    private int rounds;

    Visitors(List<Play> plays, Judge judge, Throttle throttle, Findings findings, long seed) {
        for (Play play : plays) {
            for (int i = 0; i < play.weight(); i++) {
                deck.add(play);
            }
        }
        this.judge = judge;
        this.throttle = throttle;
        this.findings = findings;
        this.seed = seed;
    }

    /** Lets them act until {@code end}, of {@link System#nanoTime()}; to be given to {@link #await}. */
    List<Future<?>> actUntil(long end) {
        List<Future<?>> visitors = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            Random moves = new Random(seed + 1000L * rounds + i);
            visitors.add(threads.submit(() -> {
                act(moves, end);
                return null;
            }));
        }
        rounds++;
        return visitors;
    }

    /** Waits for the last act. Those that hang are a finding, and are left alone. */
    void await(List<Future<?>> visitors) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_PLAY_SECONDS);
        for (Future<?> visitor : visitors) {
            try {
                visitor.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException hangs) {
                visitor.cancel(true);
                findings.add("a client did not end within " + LONGEST_PLAY_SECONDS + " s");
            }
        }
    }

    /** How often each play was acted, by name. */
    Map<String, Long> acts() {
        Map<String, Long> counts = new TreeMap<>();
        acts.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }

    private void act(Random moves, long end) throws InterruptedException {
        while (System.nanoTime() < end) {
            Thread.sleep((long) (2 * moves.nextDouble() * throttle.pauseMillis()));
            act(deck.get(moves.nextInt(deck.size())), moves);
        }
    }

    private void act(Play play, Random moves) throws InterruptedException {
        Judge.Moment began = judge.now();
        try {
            play.act().perform(moves);
            acts.computeIfAbsent(play.name(), name -> new LongAdder()).increment();
        } catch (IOException e) {
            judge.failed(play.name(), e, began);
        } catch (RuntimeException defect) {
            findings.add(play.name() + ": " + defect);
        }
    }
}
