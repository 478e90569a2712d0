package io.github.wslproxy.bench.compare.figure;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How wslproxy stands to another program in one figure: above 1 is better, whichever way the figure gets better.
 *
 * <p>Each round gives one ratio, of two runs that were close in time, so that a noise which lasts longer than a round
 * falls out. The ratio is their median. It is shown only if the interval of the median (confidence 90 % or more, by
 * ranks, so at least five rounds) lies within 15 % of it; else it is "noise".
 *
 * @param interval empty if the rounds were too few
 */
public record Ratio(double median, Optional<Interval> interval) {
    private static final double MOST_DEVIATION = 0.15;

    /** From the values of both; empty where a ratio has no sense, that is with a value of zero or below. */
    static Optional<Ratio> of(Cell.Measured ours, Cell.Measured theirs, Better better) {
        List<Double> above = better == Better.MORE ? ours.values() : theirs.values();
        List<Double> below = better == Better.MORE ? theirs.values() : ours.values();
        int rounds = Math.min(above.size(), below.size());
        if (above.stream().anyMatch(value -> value <= 0) || below.stream().anyMatch(value -> value <= 0)) {
            return Optional.empty();
        }
        List<Double> ratios = IntStream.range(0, rounds)
                .mapToObj(round -> above.get(round) / below.get(round))
                .toList();
        return Optional.of(new Ratio(Samples.median(ratios), Samples.ofMedian(ratios)));
    }

    public boolean isMeaningful() {
        return interval.map(range ->
                        range.low() >= median * (1 - MOST_DEVIATION) && range.high() <= median * (1 + MOST_DEVIATION))
                .orElse(false);
    }
}
