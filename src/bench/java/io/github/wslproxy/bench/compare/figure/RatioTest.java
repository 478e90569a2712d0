package io.github.wslproxy.bench.compare.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RatioTest {
    private static final List<Double> STEADY = List.of(10.0, 10.1, 9.9, 10.0, 10.2);

    @Test
    void moreIsBetterOfARate() {
        Ratio ratio = ratio(List.of(20.0, 20.2, 19.8, 20.0, 20.4), STEADY, Better.MORE);

        assertThat(ratio.median()).isEqualTo(2);
        assertThat(ratio.isMeaningful()).isTrue();
    }

    @Test
    void lessIsBetterOfATime() {
        assertThat(ratio(List.of(5.0, 5.05, 4.95, 5.0, 5.1), STEADY, Better.LESS)
                        .median())
                .isEqualTo(2);
    }

    @Test
    void whatSlowsBothInOneRoundDoesNotCount() {
        Ratio ratio = ratio(List.of(10.0, 2.0, 30.0, 7.0, 10.0), List.of(10.0, 2.0, 30.0, 7.0, 10.0), Better.MORE);

        assertThat(ratio.interval()).contains(new Interval(1, 1));
        assertThat(ratio.isMeaningful()).isTrue();
    }

    @Test
    void aWideIntervalIsNoise() {
        assertThat(ratio(List.of(10.0, 8.0, 10.0, 10.0, 10.0), STEADY, Better.MORE)
                        .isMeaningful())
                .isFalse();
    }

    @Test
    void fourRoundsAreTooFew() {
        Ratio ratio = ratio(STEADY.subList(0, 4), STEADY.subList(0, 4), Better.MORE);

        assertThat(ratio.interval()).isEmpty();
        assertThat(ratio.isMeaningful()).isFalse();
    }

    @Test
    void nothingHasNoRatio() {
        assertThat(Ratio.of(measured(STEADY), measured(List.of(0.0, 1.0, 1.0, 1.0, 1.0)), Better.MORE))
                .isEqualTo(Optional.empty());
    }

    private static Ratio ratio(List<Double> ours, List<Double> theirs, Better better) {
        return Ratio.of(measured(ours), measured(theirs), better).orElseThrow();
    }

    private static Cell.Measured measured(List<Double> values) {
        return new Cell.Measured(values);
    }
}
