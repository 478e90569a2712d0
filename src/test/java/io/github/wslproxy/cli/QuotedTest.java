package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotedTest {
    @Test
    void aNameOrAPathIsOneWord() {
        assertThat(Quoted.word("vite")).isEqualTo("vite");
        assertThat(Quoted.word("/home/me/proxy.toml")).isEqualTo("/home/me/proxy.toml");
        assertThat(Quoted.word("C:\\Users\\Jane Doe\\proxy.toml")).isEqualTo("\"C:\\Users\\Jane Doe\\proxy.toml\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$(touch /tmp/x)", "`id`", "a\"b", "it's", "%PATH%", "a!b", "--help", "-x"})
    void whatAShellWouldTakeForMoreIsNotOffered(String word) {
        assertThat(Quoted.word(word)).isEqualTo("...");
    }
}
