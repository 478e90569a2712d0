package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionNamesTest {

    @Test
    void eachLineIsAName() {
        assertThat(DistributionNames.in("Ubuntu-22.04\n\n My Distribution \n"))
                .containsExactly("Ubuntu-22.04", "My Distribution");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--shutdown", "-e", "a\"b", "a\u001b[31mb", "a\u202eb", "a\u2028b", "a\u0007"})
    void whatWouldBeAnOptionOrCommandATerminalIsNoName(String line) {
        assertThat(DistributionNames.in(line + "\nUbuntu\n"))
                .doesNotContain(line)
                .contains("Ubuntu");
    }

    @Test
    void whatIsLongerThanANameCanBeIsNone() {
        assertThat(DistributionNames.in("x".repeat(255) + "\n" + "y".repeat(256)))
                .containsExactly("x".repeat(255));
    }
}
