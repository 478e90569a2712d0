package io.github.wslproxy.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerdictsTest {
    private static final long MIB = 1 << 20;
    private static final int MOMENTS = 24;
    private static final int WARM = 18;

    private final Random noise = new Random(1);

    @Test
    void whatOnlySwaysHolds() {
        assertThat(figures(100 * MIB, 0, 40, 0)).allMatch(Figure::holds);
    }

    @Test
    void aSteepRiseOfMemoryFails() {
        assertThat(failed(figures(100 * MIB, MIB, 40, 0))).containsExactly("RSS, MiB");
    }

    @Test
    void aWarmUpTooShortJudgesNoMemory() {
        List<Sample> quiet = moments(100 * MIB, MIB, 40, 0);

        assertThat(new Verdicts(quiet, MOMENTS).figures(0)).allMatch(Figure::holds);
    }

    @Test
    void oneMomentOfMuchMemoryIsNoRise() {
        List<Sample> quiet = new ArrayList<>(moments(100 * MIB, 0, 40, 0));
        quiet.set(MOMENTS - 1, sample(MOMENTS - 1, 150 * MIB, 40));

        assertThat(new Verdicts(quiet, WARM).figures(0)).allMatch(Figure::holds);
    }

    @Test
    void descriptorsThatDoNotComeBackFail() {
        assertThat(failed(figures(100 * MIB, 0, 40, 9))).containsExactly("descriptors");
    }

    @Test
    void objectsThatLiveOnFail() {
        assertThat(failed(new Verdicts(moments(100 * MIB, 0, 40, 0), WARM).figures(3 * MIB)))
                .containsExactly("live heap since warm, MiB");
    }

    @Test
    void theSlopeIsThatOfMostPoints() {
        assertThat(Trend.slope(List.of(0.0, 1.0, 2.0, 3.0, 4.0), List.of(0.0, 2.0, 4.0, 900.0, 8.0)))
                .isEqualTo(2.0);
    }

    private List<Figure> figures(long resident, long residentPerMoment, int descriptors, int moreAtTheEnd) {
        return new Verdicts(moments(resident, residentPerMoment, descriptors, moreAtTheEnd), WARM).figures(0);
    }

    private static List<String> failed(List<Figure> figures) {
        return figures.stream()
                .filter(figure -> !figure.holds())
                .map(Figure::name)
                .toList();
    }

    private List<Sample> moments(long resident, long residentPerMoment, int descriptors, int moreAtTheEnd) {
        List<Sample> moments = new ArrayList<>();
        for (int i = 0; i < MOMENTS; i++) {
            long bytes = resident + i * residentPerMoment + noise.nextInt((int) (2 * MIB));
            moments.add(sample(i, bytes, i == MOMENTS - 1 ? descriptors + moreAtTheEnd : descriptors));
        }
        return moments;
    }

    /** One a minute, with nothing open. */
    private static Sample sample(int minute, long resident, int descriptors) {
        return new Sample(
                minute, resident, Optional.empty(), Optional.of(8 * MIB), descriptors, 26, 0, 0, 0, 0, 0, MIB, 0.5);
    }
}
