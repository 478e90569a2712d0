package io.github.wslproxy.cli;

import java.util.Locale;

/** Amounts of bytes for a table: three digits or so, by powers of 1000. */
final class ByteWords {
    private static final String UNITS = "kMGTPE";

    private ByteWords() {}

    /** {@code 0}, {@code 999}, {@code 4.1k}, {@code 53M}. */
    static String of(long bytes) {
        if (bytes < 1000) {
            return Long.toString(bytes);
        }
        double rest = bytes;
        int unit = -1;
        while (rest >= 999.5) {
            rest /= 1000;
            unit++;
        }
        // What would be rounded to 10.0 has one digit too many.
        return String.format(Locale.ROOT, rest < 9.95 ? "%.1f%c" : "%.0f%c", rest, UNITS.charAt(Math.max(0, unit)));
    }
}
