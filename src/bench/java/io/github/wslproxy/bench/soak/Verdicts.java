package io.github.wslproxy.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What may grow, and by how much. A slope fails when it is steep <em>and</em> has brought a rise that noise does not:
 * over a short soak the steepest slope is noise, and over a long one the smallest leak is a rise.
 */
final class Verdicts {
    private static final double MIB = 1 << 20;

    /**
     * The JVM takes its heap (64 MiB at most) and its code cache (16 MiB) in steps as it needs them, most of it in the
     * first minutes; after the warm-up RSS sways by two MiB at quiet moments. Below this a leak would take a day for a
     * quarter of a GiB, and twenty minutes do not tell it from noise: that is for a longer soak. Lost links and sockets
     * show in the counts, long before.
     */
    private static final double RESIDENT_PER_HOUR = 12;

    private static final double RESIDENT_NOISE = 4;

    /** The pool takes it in chunks of 1 MiB, keeps some, and has two arenas. */
    private static final double DIRECT_PER_HOUR = 12;

    private static final double DIRECT_NOISE = 4;

    /** Caches and tables that fill up; a lost link is about a kilobyte, and there are thousands in a cycle. */
    private static final double LIVE_HEAP_NOISE = 2;

    /**
     * Both ends of the four pipes of a probe that starts just then. What had not come back by itself is a finding
     * anyway.
     */
    private static final double DESCRIPTOR_NOISE = 8;

    /** The JVM's own, for the compiler and for ended processes, which come and go. */
    private static final double THREAD_NOISE = 2;

    /** 50 MB are kept, and the newest file grows to 5 MB before it is rolled. */
    private static final double MOST_LOG = 56;

    /**
     * With a shorter one memory is not judged: RSS rises by some ten MiB in the first minute. That is a soak of 5
     * minutes.
     */
    private static final double LEAST_WARM_UP_MINUTES = 1.2;

    private static final double MINUTES_PER_HOUR = 60;

    private final List<Sample> quiet;
    private final List<Sample> warm;

    /**
     * Judges them.
     *
     * @param quiet all quiet moments
     * @param warm how many of the last count for the slopes, at least one; the first of them ended the warm-up
     */
    Verdicts(List<Sample> quiet, int warm) {
        this.quiet = quiet;
        this.warm = quiet.subList(quiet.size() - warm, quiet.size());
    }

    /** @param liveHeapGrowth in bytes, from the warm-up to the end */
    List<Figure> figures(long liveHeapGrowth) {
        List<Figure> figures = new ArrayList<>();
        figures.add(bounded("RSS, MiB", sample -> sample.residentBytes() / MIB, RESIDENT_PER_HOUR, RESIDENT_NOISE));
        if (warm.stream().allMatch(sample -> sample.directBytes().isPresent())) {
            figures.add(bounded(
                    "direct memory, MiB",
                    sample -> sample.directBytes().orElse(0L) / MIB,
                    DIRECT_PER_HOUR,
                    DIRECT_NOISE));
        }
        figures.add(figure("old generation, MiB", Verdicts::heldHeap, "none, it holds garbage", true));
        figures.add(new Figure(
                "live heap since warm, MiB",
                0,
                0,
                liveHeapGrowth / MIB,
                liveHeapGrowth / MIB / hours(),
                "%.0f more after a collection".formatted(LIVE_HEAP_NOISE),
                liveHeapGrowth / MIB <= LIVE_HEAP_NOISE));
        figures.add(notAbove("descriptors", Sample::descriptors, DESCRIPTOR_NOISE));
        figures.add(notAbove("threads", Sample::threads, THREAD_NOISE));
        figures.add(zero("links", Sample::links));
        figures.add(zero("sessions", Sample::sessions));
        figures.add(notAboveProbe("child processes", Sample::children));
        double log = last(quiet).logBytes() / MIB;
        figures.add(figure(
                "log, MiB", sample -> sample.logBytes() / MIB, "at most %.0f".formatted(MOST_LOG), log <= MOST_LOG));
        return figures;
    }

    private Figure bounded(String name, ToDoubleFunction<Sample> value, double perHour, double noise) {
        if (warm.get(0).minutes() < LEAST_WARM_UP_MINUTES) {
            return figure(name, value, "not judged: under 5 minutes", true);
        }
        double slope = slope(value);
        boolean grows = slope > perHour && slope * hours() > noise;
        return figure(name, value, "%+.0f an hour, if over %.0f in all".formatted(perHour, noise), !grows);
    }

    /** Not above the most of the warm-up. */
    private Figure notAbove(String name, ToDoubleFunction<Sample> value, double noise) {
        double most = quiet.subList(0, quiet.size() - warm.size() + 1).stream()
                .mapToDouble(value)
                .max()
                .orElseThrow();
        String limit = "%.0f".formatted(most + noise);
        return figure(name, value, limit, value.applyAsDouble(last(quiet)) <= most + noise);
    }

    private Figure zero(String name, ToDoubleFunction<Sample> value) {
        return figure(name, value, "0", quiet.stream().mapToDouble(value).allMatch(count -> count == 0));
    }

    /** One may run just then. What remains of others has been waited for, and is a finding. */
    private Figure notAboveProbe(String name, ToDoubleFunction<Sample> value) {
        return figure(
                name, value, "1, a probe", quiet.stream().mapToDouble(value).allMatch(count -> count <= 1));
    }

    private Figure figure(String name, ToDoubleFunction<Sample> value, String limit, boolean holds) {
        return new Figure(
                name,
                value.applyAsDouble(quiet.get(0)),
                value.applyAsDouble(warm.get(0)),
                value.applyAsDouble(last(quiet)),
                slope(value),
                limit,
                holds);
    }

    private double slope(ToDoubleFunction<Sample> value) {
        List<Double> minutes = warm.stream().map(Sample::minutes).toList();
        List<Double> values = warm.stream().map(value::applyAsDouble).toList();
        return Trend.slope(minutes, values) * MINUTES_PER_HOUR;
    }

    private double hours() {
        return (last(warm).minutes() - warm.get(0).minutes()) / MINUTES_PER_HOUR;
    }

    private static double heldHeap(Sample sample) {
        return sample.heldHeapBytes().orElse(0L) / MIB;
    }

    private static Sample last(List<Sample> samples) {
        return samples.get(samples.size() - 1);
    }
}
