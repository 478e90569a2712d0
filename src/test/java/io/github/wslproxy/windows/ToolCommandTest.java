package io.github.wslproxy.windows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolCommandTest {
    /** The rules of CommandLineToArgvW: 2n backslashes and a quote are n backslashes and the end of a quoted part. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                | ""
            word              | "word"
            two words         | "two words"
            C:\\lib\\*        | "C:\\lib\\*"
            C:\\a b\\         | "C:\\a b\\\\"
            say "x"           | "say \\"x\\""
            end\\"            | "end\\\\\\""
            a\\\\b            | "a\\\\b"
            """)
    void aQuotedWordIsFoundAgain(String word, String line) {
        assertThat(ToolCommand.quoted(word)).isEqualTo(line);
    }
}
