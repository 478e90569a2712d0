package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadBudgetTest {
    private static final int BUDGET = 1000;

    private final AtomicLong reserved = new AtomicLong();
    private final ReadBudget budget = new ReadBudget(new DirectMemory(reserved::get, () -> 0, 4 * BUDGET));

    @ParameterizedTest
    @CsvSource({
        "0, 1048576",
        "499, 1048576",
        "500, 65536",
        "999, 65536",
        "1000, 16384",
        "1499, 16384",
        "1500, 2048",
        "1000000000, 2048",
    })
    void theMoreWaitsTheSmallerIsARead(int waiting, int largest) {
        budget.stalled(waiting);

        assertThat(budget.largestRead()).isEqualTo(largest);
    }

    @Test
    void readsAreLargeAgainWhenNothingWaits() {
        budget.stalled(3 * BUDGET);
        budget.resumed(2 * BUDGET);
        assertThat(budget.waiting()).isEqualTo(BUDGET);

        budget.resumed(BUDGET);

        assertThat(budget.waiting()).isZero();
        assertThat(budget.largestRead()).isEqualTo(ReadBudget.LARGEST);
    }

    @ParameterizedTest
    @CsvSource({
        "3500, 0, 1048576",
        "3501, 0, 16384",
        "3501, 1500, 2048",
        "3875, 0, 16384",
        "3876, 0, 2048",
    })
    void theLastOfTheMemoryIsLeftToSmallReads(int used, int waiting, int largest) {
        reserved.set(used);
        budget.stalled(waiting);

        assertThat(budget.largestRead()).isEqualTo(largest);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1048576", "9, 8454144", "640, 25034752", "16384, 57393152"})
    void whatSoManyStoppedReceiversMakeWait(int receivers, long bytes) {
        long memory = 64 << 20;
        ReadBudget played = new ReadBudget(new DirectMemory(() -> 0, () -> 0, memory));
        for (int i = 0; i < receivers; i++) {
            played.stalled(played.largestRead());
        }

        assertThat(ReadBudget.mostWaiting(receivers, memory))
                .isEqualTo(played.waiting())
                .isEqualTo(bytes);
    }
}
