package io.github.wslproxy.config;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.os.SafeText;
import java.time.Duration;
import java.util.Map;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** Makes a typed value of what the file holds. */
@FunctionalInterface
interface ValueParser<F, T> {
    T parse(F found) throws InvalidValue;

    /**
     * A value cannot be used. It says what is wrong and what was expected; the {@link TomlTableReader} knows the key
     * and the place.
     */
    final class InvalidValue extends Exception {
        private static final long serialVersionUID = 1L;

        private final String expected;
        private final boolean namesPort;

        /** @param complaint continues a sentence that begins with the key: {@code "is an array"} */
        InvalidValue(String complaint, String expected) {
            this(complaint, expected, false);
        }

        private InvalidValue(String complaint, String expected, boolean namesPort) {
            // Nobody reads a stack trace of what a user has typed.
            super(complaint, null, false, false);
            this.expected = expected;
            this.namesPort = namesPort;
        }

        /** @param complaint a sentence that begins with the word port itself: {@code "port 0"} */
        static InvalidValue ofPort(String complaint, String expected) {
            return new InvalidValue(complaint, expected, true);
        }

        String complaint() {
            return String.valueOf(getMessage());
        }

        String expected() {
            return expected;
        }

        /** Whether a key for ports need not be named before the complaint. */
        boolean namesPort() {
            return namesPort;
        }
    }

    /**
     * A string, which {@code parser} reads.
     *
     * @param expected also said if the value is no string
     */
    static <T> ValueParser<Object, T> text(String expected, ValueParser<String, T> parser) {
        return found -> {
            if (found instanceof String text) {
                return parser.parse(text);
            }
            throw wrongType(found, expected);
        };
    }

    static <T> ValueParser<Object, T> oneOf(Map<String, T> words) {
        String expected = String.join(
                ", ", words.keySet().stream().sorted().map(SafeText::quoted).toList());
        return text(expected, text -> {
            T value = words.get(text);
            if (value == null) {
                throw new InvalidValue(SafeText.quoted(text), expected);
            }
            return value;
        });
    }

    static ValueParser<Object, Integer> integer(int least, int most) {
        return found -> {
            if (!(found instanceof Long number)) {
                throw wrongType(found, "an integer, " + least + " to " + most);
            }
            if (number < least || number > most) {
                throw new InvalidValue(number.toString(), least + " to " + most);
            }
            return number.intValue();
        };
    }

    static boolean onOrOff(Object found) throws InvalidValue {
        if (found instanceof Boolean on) {
            return on;
        }
        throw wrongType(found, "true or false");
    }

    static ValueParser<Object, Duration> duration(String least, String most) {
        return duration(least, most, "");
    }

    /** A duration, or {@code "0s"}, which stands for: never. */
    static ValueParser<Object, Duration> durationOrNever(String least, String most) {
        return durationOr("never", least, most);
    }

    /**
     * A duration, or {@code "0s"}.
     *
     * @param zero what {@code "0s"} stands for
     */
    static ValueParser<Object, Duration> durationOr(String zero, String least, String most) {
        return duration(least, most, ", or \"0s\" for " + zero);
    }

    static InvalidValue wrongType(Object found, String expected) {
        return new InvalidValue("is " + described(found), expected);
    }

    private static ValueParser<Object, Duration> duration(String least, String most, String orZero) {
        String expected = SafeText.quoted(least) + " to " + SafeText.quoted(most) + orZero;
        return text("a duration in quotes, " + expected, text -> {
            Duration value = Durations.parse(text)
                    .orElseThrow(() -> new InvalidValue(
                            SafeText.quoted(text) + " is not a duration", "such as \"250ms\", \"5s\", \"2h5m\""));
            boolean inBounds = value.compareTo(Durations.parse(least).orElseThrow()) >= 0
                    && value.compareTo(Durations.parse(most).orElseThrow()) <= 0;
            if (inBounds || (!orZero.isEmpty() && value.isZero())) {
                return value;
            }
            throw new InvalidValue(SafeText.quoted(text), expected);
        });
    }

    static String described(Object found) {
        if (found instanceof String text) {
            return "a string, " + SafeText.quoted(text);
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
