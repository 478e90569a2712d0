package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTextTest {

    @ParameterizedTest
    @CsvSource({
        "'\u001b[2J', '\\u001b[2J'",
        "'a\u0007b', 'a\\u0007b'",
        "'a\u202egnp.exe', 'a\\u202egnp.exe'",
        "'a\u2066b', 'a\\u2066b'",
        "'a\u200bb', 'a\\u200bb'",
        "'a\u2028b', 'a\\u2028b'",
        "'a\u0085b', 'a\\u0085b'",
        "'a\ud800b', 'a\\ud800b'",
        "'gr\u00fc\u00dfe \u6f22 \ud83d\ude00', 'gr\u00fc\u00dfe \u6f22 \ud83d\ude00'"
    })
    void whatCommandsATerminalOrIsNotSeenBecomesItsNumber(String text, String shown) {
        assertThat(TerminalText.escaped(text)).isEqualTo(shown);
    }

    @Test
    void aLineStaysALine() {
        assertThat(TerminalText.escaped("a\r\nb")).isEqualTo("a\\u000d\\u000ab");
    }

    @Test
    void whatIsLongIsCut() {
        assertThat(TerminalText.escaped("abcd", 3)).isEqualTo("abc...");
    }
}
