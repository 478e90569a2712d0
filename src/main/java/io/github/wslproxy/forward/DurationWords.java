package io.github.wslproxy.forward;

import java.time.Duration;

/** Durations as proxy.toml writes them. */
public final class DurationWords {
    private DurationWords() {}

    /** {@code 2h5m}, {@code 250ms}, {@code 0s}; whole milliseconds. */
    public static String of(Duration duration) {
        StringBuilder words = new StringBuilder();
        append(words, duration.toHours(), "h");
        append(words, duration.toMinutesPart(), "m");
        append(words, duration.toSecondsPart(), "s");
        append(words, duration.toMillisPart(), "ms");
        return words.isEmpty() ? "0s" : words.toString();
    }

    private static void append(StringBuilder words, long count, String unit) {
        if (count > 0) {
            words.append(count).append(unit);
        }
    }
}
