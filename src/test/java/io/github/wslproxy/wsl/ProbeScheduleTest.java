package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.wsl.WslProbe.Depth;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbeScheduleTest {
    private static final long MILLI = 1_000_000;

    /** Close to the largest number, so that the clock overflows on the way, as the one of the system may. */
    private static final long START = Long.MAX_VALUE - 2_000 * MILLI;

    private final ProbeSchedule schedule = new ProbeSchedule(Duration.ofSeconds(5));

    @Test
    void theFirstQuestionIsAskedAtOnceAndInFull() {
        assertThat(schedule.pause(START, false)).isZero();
        assertThat(schedule.depth(START, false)).isEqualTo(Depth.FULL);
    }

    @Test
    void theNextFollowsAnIntervalAfterTheEndOfTheLast() {
        schedule.asked(START, Depth.FULL);

        assertThat(schedule.pause(at(0), false)).isEqualTo(2000 * MILLI);
        assertThat(schedule.pause(at(2000), false)).isEqualTo(2000 * MILLI);
        assertThat(schedule.pause(at(4000), false)).isEqualTo(1000 * MILLI);
        assertThat(schedule.pause(at(5000), false)).isZero();
        assertThat(schedule.depth(at(5000), false)).isEqualTo(Depth.ROUTINE);
    }

    @Test
    void aSuspicionIsFollowedAtOnce() {
        schedule.asked(START, Depth.FULL);

        assertThat(schedule.pause(at(1500), true)).isZero();
        assertThat(schedule.depth(at(1500), true)).isEqualTo(Depth.CONNECT_FAILED);
    }

    @Test
    void aSuspicionWithinTheSecondIsFollowedWhenItIsOver() {
        schedule.asked(START, Depth.FULL);

        assertThat(schedule.pause(at(300), true)).isEqualTo(700 * MILLI);
        assertThat(schedule.depth(at(1000), true)).isEqualTo(Depth.CONNECT_FAILED);
    }

    @Test
    void aRoutineQuestionDoesNotHoldASuspicionBack() {
        schedule.asked(START, Depth.FULL);
        schedule.asked(at(5000), Depth.ROUTINE);

        assertThat(schedule.pause(at(5001), true)).isZero();
        assertThat(schedule.depth(at(5001), true)).isEqualTo(Depth.CONNECT_FAILED);
    }

    @Test
    void anIntervalShorterThanTheSecondStaysRoutineMeanwhile() {
        ProbeSchedule quick = new ProbeSchedule(Duration.ofMillis(100));
        quick.asked(START, Depth.FULL);

        assertThat(quick.pause(at(100), true)).isZero();
        assertThat(quick.depth(at(100), true)).isEqualTo(Depth.ROUTINE);
    }

    @Test
    void afterASleepOfTheComputerItAsksInFull() {
        schedule.asked(START, Depth.FULL);

        assertThat(schedule.pause(at(30_000), false)).isZero();
        assertThat(schedule.depth(at(30_000), false)).isEqualTo(Depth.ROUTINE);
        assertThat(schedule.pause(at(60_001), false)).isZero();
        assertThat(schedule.depth(at(60_001), false)).isEqualTo(Depth.FULL);
        schedule.asked(at(60_002), Depth.FULL);
        assertThat(schedule.pause(at(65_002), false)).isZero();
        assertThat(schedule.depth(at(65_002), false)).isEqualTo(Depth.ROUTINE);
    }

    @Test
    void aSleepIsNoticedSoonHoweverLongTheIntervalIs() {
        ProbeSchedule hourly = new ProbeSchedule(Duration.ofHours(1));
        hourly.asked(START, Depth.FULL);
        assertThat(hourly.pause(START, false)).isEqualTo(2000 * MILLI);

        assertThat(hourly.pause(at(60_000), false)).isZero();
        assertThat(hourly.depth(at(60_000), false)).isEqualTo(Depth.FULL);
        hourly.asked(at(60_100), Depth.FULL);
        assertThat(hourly.pause(at(60_100), false)).isEqualTo(2000 * MILLI);
    }

    @Test
    void aProbeThatTakesLongIsNoSleep() {
        schedule.asked(START, Depth.FULL);
        schedule.pause(at(5000), false);
        schedule.asked(at(125_000), Depth.ROUTINE);

        assertThat(schedule.pause(at(130_000), false)).isZero();
        assertThat(schedule.depth(at(130_000), false)).isEqualTo(Depth.ROUTINE);
    }

    @Test
    void anIntervalOfNothingIsRefused() {
        assertThatThrownBy(() -> new ProbeSchedule(Duration.ZERO)).hasMessageContaining("expected: more than 0");
    }

    private static long at(long millis) {
        return START + millis * MILLI;
    }
}
