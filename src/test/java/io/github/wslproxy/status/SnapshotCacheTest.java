package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SnapshotCacheTest {
    private Supplier<Snapshot> source = StatusSamples::of;
    private final SnapshotCache cache = new SnapshotCache(() -> source.get(), Duration.ofHours(1), () -> 0);

    @Test
    void theNewestHasToDoOnceThePaceIsUsedUp() {
        useUpThePace();
        SnapshotCache.Rendered taken = cache.renew();

        assertThat(cache.standing()).containsSame(taken);
    }

    @Test
    void whatIsOutOfDateIsNotShownAgain() {
        useUpThePace();
        cache.renew();
        cache.forget();

        assertThat(cache.standing()).isEmpty();
    }

    @Test
    void whatWasBegunBeforeAChangeIsNotShownAfterIt() {
        useUpThePace();
        source = () -> {
            cache.forget();
            return StatusSamples.of();
        };
        cache.renew();

        assertThat(cache.standing()).isEmpty();
    }

    @Test
    void whatWasBegunEarlierDoesNotReplaceWhatWasBegunLater() {
        useUpThePace();
        SnapshotCache.Rendered[] later = new SnapshotCache.Rendered[1];
        source = () -> {
            source = StatusSamples::of;
            later[0] = cache.renew();
            return StatusSamples.of();
        };
        cache.renew();

        assertThat(cache.standing()).containsSame(later[0]);
    }

    private void useUpThePace() {
        for (int i = 0; i < 10; i++) {
            assertThat(cache.standing()).isEmpty();
        }
    }
}
