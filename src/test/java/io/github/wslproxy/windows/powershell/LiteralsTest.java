package io.github.wslproxy.windows.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LiteralsTest {
    @Test
    void plainTextIsLiteral() {
        assertThat(Literals.text("C:\\Program Files\\a & b;$x`\"(c)")).isEqualTo("'C:\\Program Files\\a & b;$x`\"(c)'");
        assertThat(Literals.text("C:\\Pat's")).isEqualTo("'C:\\Pat''s'");
    }

    /** PowerShell takes typographic quotes for quotes too. */
    @Test
    void whatAConsoleMayNotShowIsACode() {
        assertThat(Literals.text("C:\\J\u00f6rg \u2019$a\"`\\x\ud83d\ude00"))
                .isEqualTo("\"C:\\J$([char]0xf6)rg $([char]0x2019)`$a`\"``\\x$([char]0xd83d)$([char]0xde00)\"");
        assertThat(Literals.text("a\nb\t")).isEqualTo("\"a$([char]0x0a)b$([char]0x09)\"");
    }

    @Test
    void wildcardsOfANameAreNone() {
        assertThat(Literals.pattern("TCP Query User{1-2}C:\\[x]\\java.exe"))
                .isEqualTo("'TCP Query User{1-2}C:\\`[x`]\\java.exe'");
    }
}
