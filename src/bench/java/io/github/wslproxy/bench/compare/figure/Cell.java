package io.github.wslproxy.bench.compare.figure;

import java.util.List;

/** What one program has to show for one figure. */
public sealed interface Cell {
    /**
     * Values that count.
     *
     * @param values one of each round, in their order; at least one
     */
    record Measured(List<Double> values) implements Cell {
        public double median() {
            return Samples.median(values);
        }

        /** The interquartile range, as a share of the median; 0 if the median is 0. */
        public double spread() {
            double median = median();
            return median == 0 ? 0 : Samples.interquartileRange(values) / Math.abs(median);
        }
    }

    /** It erred, so none of its values counts. */
    record Failed(String why) implements Cell {}

    /** It takes no part, or has no such figure. */
    record Absent(String why) implements Cell {}
}
