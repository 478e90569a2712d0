package io.github.wslproxy.cli;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.os.SafeText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values on the command line, with messages in words of this program. */
final class Converters {
    private Converters() {}

    /** A duration, written as in proxy.toml. */
    static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Durations.parse(text).orElseThrow(() -> wrong(text, "a duration (expected such as 20s or 2h5m)"));
        }
    }

    /** A whole number. */
    static final class NumberConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                return Integer.valueOf(text);
            } catch (NumberFormatException e) {
                throw wrong(text, "a whole number");
            }
        }
    }

    /** The name of a file. An empty one is refused, as Java takes it for the working directory. */
    static final class PathConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            if (text.isEmpty()) {
                throw wrong(text, "the name of a file");
            }
            try {
                return Path.of(text);
            } catch (InvalidPathException e) {
                throw wrong(text, "the name of a file");
            }
        }
    }

    private static TypeConversionException wrong(String text, String expected) {
        return new TypeConversionException("\"" + SafeText.escaped(text) + "\" is not " + expected);
    }
}
