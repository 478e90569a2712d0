package io.github.wslproxy.bench.soak;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The line through points of which some may lie anywhere: Theil and Sen's, the median of the slopes of all pairs. */
final class Trend {
    private Trend() {}

    /** In units of y for one unit of x; 0 for fewer than two points. The lists have one length, and x rises. */
    static double slope(List<Double> x, List<Double> y) {
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < x.size(); i++) {
            for (int j = i + 1; j < x.size(); j++) {
                slopes.add((y.get(j) - y.get(i)) / (x.get(j) - x.get(i)));
            }
        }
        return median(slopes);
    }

    /** 0 of none. */
    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return 0;
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
