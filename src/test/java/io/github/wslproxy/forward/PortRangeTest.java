package io.github.wslproxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortRangeTest {

    @Test
    void bothEndsBelongToIt() {
        assertThat(new PortRange(8000, 8010).size()).isEqualTo(11);
        assertThat(PortRange.of(80).size()).isEqualTo(1);
        assertThat(new PortRange(1, PortRange.MAX_PORT).size()).isEqualTo(65_535);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "1, 65536", "2, 1"})
    void anythingButAscendingPortsIsRefused(int first, int last) {
        assertThatThrownBy(() -> new PortRange(first, last))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(first + "-" + last);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 5, 5, 9, true",
        "5, 9, 1, 5, true",
        "1, 9, 3, 4, true",
        "3, 4, 1, 9, true",
        "1, 4, 5, 9, false",
        "5, 9, 1, 4, false",
        "80, 80, 80, 80, true",
    })
    void overlapsWhereOnePortIsInBoth(int first, int last, int otherFirst, int otherLast, boolean overlaps) {
        assertThat(new PortRange(first, last).overlaps(new PortRange(otherFirst, otherLast)))
                .isEqualTo(overlaps);
    }

    @Test
    void isWrittenAsInTheConfiguration() {
        assertThat(PortRange.of(8000)).hasToString("8000");
        assertThat(new PortRange(8000, 8010)).hasToString("8000-8010");
    }
}
