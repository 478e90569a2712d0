package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {

    @Test
    void keepsALogLineOneLine() {
        assertThat(Excerpt.of("first\nERROR forged\n")).isEqualTo("\"first\\nERROR forged\"");
    }

    @Test
    void escapesWhatATerminalWouldObey() {
        assertThat(Excerpt.of("a\u001b[2Jb\u202ec\u2028d")).isEqualTo("\"a\\u001b[2Jb\\u202ec\\u2028d\"");
    }

    @Test
    void cutsWhatIsLong() {
        assertThat(Excerpt.of("x".repeat(201))).isEqualTo("\"" + "x".repeat(200) + "...\"");
        assertThat(Excerpt.of("x".repeat(200))).isEqualTo("\"" + "x".repeat(200) + "\"");
    }

    @Test
    void saysWhenThereIsNothing() {
        assertThat(Excerpt.of(" \n")).isEqualTo("nothing");
    }
}
