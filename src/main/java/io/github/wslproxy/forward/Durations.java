package io.github.wslproxy.forward;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as proxy.toml writes them: {@code 250ms}, {@code 5s}, {@code 2h5m}; each unit at most once, the larger one
 * first.
 */
public final class Durations {
    /** Nine digits: more cannot be meant, and less cannot overflow. */
    private static final Pattern SHAPE =
            Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

    private Durations() {}

    /** The duration, or empty if {@code text} is none. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofHours(number(matcher.group(1)))
                .plusMinutes(number(matcher.group(2)))
                .plusSeconds(number(matcher.group(3)))
                .plusMillis(number(matcher.group(4))));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** {@code 2h5m}, {@code 250ms}, {@code 0s}; whole milliseconds. */
    public static String format(Duration duration) {
        StringBuilder words = new StringBuilder();
        append(words, duration.toHours(), "h");
        append(words, duration.toMinutesPart(), "m");
        append(words, duration.toSecondsPart(), "s");
        append(words, duration.toMillisPart(), "ms");
        return words.isEmpty() ? "0s" : words.toString();
    }

    public static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void append(StringBuilder words, long count, String unit) {
        if (count > 0) {
            words.append(count).append(unit);
        }
    }
}
