package io.github.wslproxy.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.forward.PortRange;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExcludedRangeTextTest {
    /** English: open-telemetry/opentelemetry-collector#10839; Spanish: microsoft/WSL#5306; both shortened. */
    static Stream<Arguments> outputs() {
        return Stream.of(
                arguments("English", """

                        Protocol tcp Port Exclusion Ranges

                        Start Port    End Port
                        ----------    --------
                                80          80
                             47001       47001
                             55679       55679     *

                        * - Administered port exclusions.
                        """, new PortRange(80, 80), new PortRange(47001, 47001)),
                arguments("Spanish", """
                        Puerto de inicio    Puerto final
                        ----------          --------
                              1025        1124
                             50000       50059
                        """, new PortRange(1025, 1124), new PortRange(50000, 50059)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outputs")
    void theRowsAreNumbersInEveryLanguage(String language, String output, PortRange first, PortRange second) {
        assertThat(ExcludedRangeText.closed(output.replace("\n", "\r\n"))).containsExactly(first, second);
    }

    /** microsoft/WSL#5306 has a range that ends before it starts, by a slip of the pen. */
    @Test
    void nonsenseIsPassedOver() {
        assertThat(ExcludedRangeText.closed("24266 24365\n24266 2436\n70000 80000\n1 99999\n99999999 1\n1 2 3\n"))
                .containsExactly(new PortRange(24266, 24365));
        assertThat(ExcludedRangeText.closed("")).isEmpty();
    }
}
