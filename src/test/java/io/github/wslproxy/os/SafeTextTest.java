package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTextTest {

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
        assertThat(SafeText.escaped(text)).isEqualTo(shown);
    }

    @Test
    void aLineStaysALine() {
        assertThat(SafeText.escaped("a\r\nb")).isEqualTo("a\\u000d\\u000ab");
    }

    @Test
    void whatIsLongIsCut() {
        assertThat(SafeText.escaped("abcd", 3)).isEqualTo("abc...");
    }

    @Test
    void keepsALogLineOneLine() {
        assertThat(SafeText.excerpt("first\nERROR forged\n")).isEqualTo("\"first\\nERROR forged\"");
    }

    @Test
    void escapesWhatATerminalWouldObey() {
        assertThat(SafeText.excerpt("a\u001b[2Jb\u202ec\u2028d")).isEqualTo("\"a\\u001b[2Jb\\u202ec\\u2028d\"");
    }

    @Test
    void cutsWhatIsLong() {
        assertThat(SafeText.excerpt("x".repeat(201))).isEqualTo("\"" + "x".repeat(200) + "...\"");
        assertThat(SafeText.excerpt("x".repeat(200))).isEqualTo("\"" + "x".repeat(200) + "\"");
    }

    @Test
    void saysWhenThereIsNothing() {
        assertThat(SafeText.excerpt(" \n")).isEqualTo("nothing");
    }
}
