package io.github.wslproxy.cli;

import io.github.wslproxy.forward.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line, written as in proxy.toml. */
final class DurationConverter implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        return Durations.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "\"" + text + "\" is not a duration (expected such as 20s or 2h5m)"));
    }
}
