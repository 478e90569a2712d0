package io.github.wslproxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptorsTest {
    @ParameterizedTest
    @CsvSource({
        "20, 1",
        "80, 20",
        "256, 152",
        "1024, 728",
        "20000, 16960",
        "1048576, 1045536",
        "9223372036854775807, 2147480607"
    })
    void listenersLeaveAQuarterUpToThreeThousandAndWhatTheProgramNeeds(String openFiles, int ofListeners) {
        assertThat(Descriptors.forListeners(openFiles)).isEqualTo(ofListeners);
    }
}
