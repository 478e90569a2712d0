package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);
    private final Pace pace = new Pace(Duration.ofSeconds(1), now::get);

    @Test
    void fiveFollowEachOtherAtOnceAndThenOneEachSecond() {
        assertThat(taken(10)).isEqualTo(5);
        for (int i = 0; i < 100; i++) {
            now.addAndGet(SECOND - 1);
            assertThat(taken(10)).isZero();
            now.addAndGet(1);
            assertThat(taken(10)).isEqualTo(1);
        }
    }

    @Test
    void aPauseIsMadeUpForOnceOnly() {
        taken(10);
        now.addAndGet(3600 * SECOND);

        assertThat(taken(10)).isEqualTo(5);
    }

    @Test
    void withoutAPeriodThereIsNoLimit() {
        Pace any = new Pace(Duration.ZERO, now::get);

        assertThat(IntStream.range(0, 1000).filter(i -> any.take()).count()).isEqualTo(1000);
    }

    private long taken(int tries) {
        return IntStream.range(0, tries).filter(i -> pace.take()).count();
    }
}
