package io.github.wslproxy.bench.compare.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SamplesTest {
    @Test
    void theMedianOfAnEvenNumberLiesBetween() {
        assertThat(Samples.median(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(3);
    }

    @Test
    void quartilesAreThoseOfR() {
        assertThat(Samples.interquartileRange(List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0)))
                .isEqualTo(11.5);
    }

    /** Of five, 1 - 2 / 32 = 0.94; of eight all but two of each end would be 0.71, all but one 0.93. */
    @Test
    void anIntervalTakesAsFewAsTheConfidenceNeeds() {
        assertThat(Samples.ofMedian(List.of(5.0, 1.0, 4.0, 2.0, 3.0))).contains(new Interval(1, 5));
        assertThat(Samples.ofMedian(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)))
                .contains(new Interval(2, 7));
    }

    @Test
    void fourGiveNoInterval() {
        assertThat(Samples.ofMedian(List.of(1.0, 2.0, 3.0, 4.0))).isEmpty();
    }
}
