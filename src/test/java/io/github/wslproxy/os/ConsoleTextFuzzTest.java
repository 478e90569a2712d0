package io.github.wslproxy.os;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.testing.Fuzz;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever a program prints becomes lines of text, and an excerpt of it one line that harms no terminal. */
@Tag("slow")
public class ConsoleTextFuzzTest {

    @Test
    void whateverIsPrintedBecomesLines() {
        Fuzz.from("172.30.98.229 \r\n".getBytes(UTF_16LE), "172.30.98.229 \n", "grüße\r\r\n漢字\n", "")
                .with("\r", "\r\r", "\u00ff\u00fe", "\u0000\u0000", "\u2028", "\ud83d")
                .feed(ConsoleTextFuzzTest::fuzzerTestOneInput);
    }

    /** A fuzzer that is guided by coverage calls this. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = ConsoleText.decode(input);
        check(text.indexOf('\r') < 0 && text.indexOf('\0') < 0, "a line end or a NUL was left");
        check(text.length() <= input.length, "longer than what was printed");
        String ascii = new String(input, UTF_8);
        if (ascii.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'))) {
            check(text.equals(ascii), "plain text was changed");
            check(ascii.length() < 2 || ConsoleText.decode(utf16(ascii)).equals(ascii), "UTF-16 was not seen");
        }
        String excerpt = SafeText.excerpt(text);
        check(excerpt.codePointCount(0, excerpt.length()) < 2000, "a long excerpt");
        check(excerpt.codePoints().noneMatch(ConsoleTextFuzzTest::isOdd), "not fit for a terminal: " + excerpt);
    }

    private static byte[] utf16(String text) {
        return text.getBytes(UTF_16LE);
    }

    private static boolean isOdd(int character) {
        return Character.isISOControl(character)
                || Character.getType(character) == Character.FORMAT
                || (character >= 0xd800 && character <= 0xdfff)
                || character == 0x2028
                || character == 0x2029;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
