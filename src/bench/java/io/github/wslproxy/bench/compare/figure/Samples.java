package io.github.wslproxy.bench.compare.figure;

import java.util.List;
import java.util.Optional;

/** Order statistics of a few values. Nothing is assumed of how they are distributed. */
final class Samples {
    /** How sure an interval has to be of its median. The extremes of five values are, at 0.94; those of four are not. */
    private static final double CONFIDENCE = 0.9;

    private Samples() {}

    static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    static double interquartileRange(List<Double> values) {
        return quantile(values, 0.75) - quantile(values, 0.25);
    }

    /**
     * Where the median of what the values were drawn from lies, with a confidence of at least 90 %: the interval of the
     * sign test, between the k-th smallest and the k-th largest.
     *
     * @return empty if they are too few, that is below five
     */
    static Optional<Interval> ofMedian(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        double outside = 0;
        double exactly = Math.pow(0.5, n);
        int k = 0;
        while (2 * (outside + exactly) <= 1 - CONFIDENCE) {
            outside += exactly;
            exactly *= (double) (n - k) / (k + 1);
            k++;
        }
        return k == 0 ? Optional.empty() : Optional.of(new Interval(sorted.get(k - 1), sorted.get(n - k)));
    }

    /** Linear between the neighbours: definition 7 of Hyndman and Fan, the default of R and NumPy. */
    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double place = share * (sorted.size() - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }
}
