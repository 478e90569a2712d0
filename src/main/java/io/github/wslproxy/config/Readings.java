package io.github.wslproxy.config;

import java.time.Duration;
import java.util.Map;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** The types a value of the file can have. */
final class Readings {
    private Readings() {}

    /** @param expected also said if the value is no string */
    static <T> Reading<Object, T> text(String expected, Reading<String, T> reading) {
        return found -> {
            if (found instanceof String text) {
                return reading.of(text);
            }
            throw wrongType(found, expected);
        };
    }

    static <T> Reading<Object, T> oneOf(Map<String, T> words) {
        String expected = String.join(
                ", ", words.keySet().stream().sorted().map(Shown::quoted).toList());
        return text(expected, text -> {
            T value = words.get(text);
            if (value == null) {
                throw new Refusal(Shown.quoted(text), expected);
            }
            return value;
        });
    }

    static Reading<Object, Integer> integer(int least, int most) {
        return found -> {
            if (!(found instanceof Long number)) {
                throw wrongType(found, "an integer, " + least + " to " + most);
            }
            if (number < least || number > most) {
                throw new Refusal(number.toString(), least + " to " + most);
            }
            return number.intValue();
        };
    }

    static boolean onOrOff(Object found) throws Refusal {
        if (found instanceof Boolean on) {
            return on;
        }
        throw wrongType(found, "true or false");
    }

    static Reading<Object, Duration> duration(String least, String most) {
        return duration(least, most, "");
    }

    /** A duration, or {@code "0s"}, which stands for: never. */
    static Reading<Object, Duration> durationOrNever(String least, String most) {
        return durationOr("never", least, most);
    }

    /** @param zero what {@code "0s"} stands for */
    static Reading<Object, Duration> durationOr(String zero, String least, String most) {
        return duration(least, most, ", or \"0s\" for " + zero);
    }

    static Refusal wrongType(Object found, String expected) {
        return new Refusal("is " + described(found), expected);
    }

    private static Reading<Object, Duration> duration(String least, String most, String orZero) {
        String expected = Shown.quoted(least) + " to " + Shown.quoted(most) + orZero;
        return text("a duration in quotes, " + expected, text -> {
            Duration value = DurationText.parse(text);
            boolean inBounds =
                    value.compareTo(DurationText.parse(least)) >= 0 && value.compareTo(DurationText.parse(most)) <= 0;
            if (inBounds || (!orZero.isEmpty() && value.isZero())) {
                return value;
            }
            throw new Refusal(Shown.quoted(text), expected);
        });
    }

    static String described(Object found) {
        if (found instanceof String text) {
            return "a string, " + Shown.quoted(text);
        }
        if (found instanceof Long) {
            return "an integer, " + found;
        }
        if (found instanceof Double) {
            return "a decimal number, " + found;
        }
        if (found instanceof Boolean) {
            return "a boolean, " + found;
        }
        if (found instanceof TomlArray) {
            return "an array";
        }
        return found instanceof TomlTable ? "a table" : "a date or time, " + found;
    }
}
