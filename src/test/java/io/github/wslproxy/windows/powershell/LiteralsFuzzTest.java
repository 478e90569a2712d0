package io.github.wslproxy.windows.powershell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.testing.Fuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Any text, which PowerShell must read as it is. */
@Tag("slow")
public class LiteralsFuzzTest {
    @Test
    void aLiteralOfPowerShellIsReadBackAsItWas() {
        Fuzz.from("C:\\Program Files\\a.exe", "Pat's $x", "C:\\Users\\J\u00f6rg\\\"`$([char]1)", "\u2018\u2019\u201c")
                .with("'", "''", "\"", "`", "$", "$(", ")", "\n", "\u2019", "[", "*")
                .feed(LiteralsFuzzTest::literal);
    }

    /** For a fuzzer that is guided by coverage. */
    public static void fuzzerTestOneInput(byte[] input) {
        literal(input);
    }

    private static void literal(byte[] input) {
        String text = new String(input, UTF_8);
        String quoted = Literals.text(text);
        check(quoted.chars().allMatch(c -> c >= ' ' && c <= '~'), "not ASCII: " + quoted);
        check(unquoted(quoted).equals(text), quoted + " is read as " + unquoted(quoted));
    }

    /** As PowerShell reads it (about_Quoting_Rules); fails if anything stands behind its end. */
    private static String unquoted(String literal) {
        StringBuilder text = new StringBuilder();
        char quote = literal.charAt(0);
        int i = 1;
        while (true) {
            char character = literal.charAt(i);
            if (character == quote) {
                if (i == literal.length() - 1) {
                    return text.toString();
                }
                check(quote == '\'' && literal.charAt(i + 1) == '\'', "ends early: " + literal);
                text.append('\'');
                i += 2;
            } else if (quote == '"' && character == '`') {
                text.append(literal.charAt(i + 1));
                i += 2;
            } else if (quote == '"' && character == '$') {
                int end = literal.indexOf(')', i);
                String code = literal.substring(i, end + 1);
                check(code.matches("\\$\\(\\[char]0x[0-9a-f]{2,4}\\)"), "an expression: " + code);
                text.append((char) Integer.parseInt(code.substring(10, code.length() - 1), 16));
                i = end + 1;
            } else {
                text.append(character);
                i++;
            }
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
