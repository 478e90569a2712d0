package io.github.wslproxy.wsl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * How long WSL leaves a distribution running once no program of Windows has a command in it: {@code instanceIdleTimeout} of
 * {@code .wslconfig}, in milliseconds, below zero for ever (WslCoreConfig.cpp).
 */
final class IdleTimeout {
    private static final Duration DEFAULT = Duration.ofSeconds(15);
    private static final int MOST_BYTES = 1 << 16;
    private static final Pattern SETTING = Pattern.compile(
            "^[ \\t]*instanceIdleTimeout[ \\t]*=[ \\t]*(-?\\d{1,9})\\b", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final Optional<Path> file;

    /** @param home where {@code .wslconfig} may be */
    IdleTimeout(Optional<Path> home) {
        this.file = home.map(folder -> folder.resolve(".wslconfig"));
    }

    /** Empty: for ever. Reads the file, so that an edit counts; WSL itself reads it when the VM starts. */
    Optional<Duration> current() {
        Optional<Integer> millis = SETTING.matcher(text())
                .results()
                .map((MatchResult found) -> Integer.valueOf(found.group(1)))
                .reduce((earlier, later) -> later);
        if (millis.isEmpty()) {
            return Optional.of(DEFAULT);
        }
        return millis.filter(timeout -> timeout >= 0).map(Duration::ofMillis);
    }

    private String text() {
        if (file.isEmpty()) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file.get())) {
            // What counts is ASCII, whatever else is in it.
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException none) {
            return "";
        }
    }
}
