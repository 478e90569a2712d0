package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Case(1)
class ReadBudgetTest {
    private static final int BUDGET = 1000;

    private final ReadBudget budget = new ReadBudget(BUDGET);

    @ParameterizedTest
    @CsvSource({
        "0, 1048576",
        "499, 1048576",
        "500, 65536",
        "999, 65536",
        "1000, 16384",
        "1999, 16384",
        "2000, 2048",
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

    @Test
    void eachProcessHasOneOfTheMemoryItMayUse() {
        assertThat(new ReadBudget().largestRead()).isEqualTo(ReadBudget.LARGEST);
    }
}
