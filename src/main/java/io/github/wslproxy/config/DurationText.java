package io.github.wslproxy.config;

import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.os.SafeText;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as in {@code 250ms}, {@code 5s}, {@code 2h5m}: each unit at most once, the larger one first. */
public final class DurationText {
    /** Nine digits: more cannot be meant, and less cannot overflow. */
    private static final Pattern SHAPE =
            Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");

    private DurationText() {}

    /** The duration, or empty if {@code text} is none. */
    public static Optional<Duration> find(String text) {
        try {
            return Optional.of(parse(text));
        } catch (InvalidValue noDuration) {
            return Optional.empty();
        }
    }

    static Duration parse(String text) throws InvalidValue {
        Matcher matcher = SHAPE.matcher(text);
        if (text.isEmpty() || !matcher.matches()) {
            throw new InvalidValue(SafeText.quoted(text) + " is not a duration", "such as \"250ms\", \"5s\", \"2h5m\"");
        }
        return Duration.ofHours(number(matcher.group(1)))
                .plusMinutes(number(matcher.group(2)))
                .plusSeconds(number(matcher.group(3)))
                .plusMillis(number(matcher.group(4)));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
