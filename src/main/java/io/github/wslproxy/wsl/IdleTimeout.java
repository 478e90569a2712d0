package io.github.wslproxy.wsl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long WSL leaves a distribution running once no program of Windows has a command in it:
 * {@code instanceIdleTimeout} of {@code .wslconfig}, in milliseconds, below zero for ever (WslCoreConfig.cpp).
 */
final class IdleTimeout {
    private static final Duration DEFAULT = Duration.ofSeconds(15);
    private static final int MOST_BYTES = 1 << 16;

    /** WSL heeds the setting in this section only (WslCoreConfig.h). */
    private static final String SECTION = "general";

    private static final Pattern HEADER = Pattern.compile("[^\\[\\w#]*\\[\\s*(\\w+)\\s*].*");
    private static final Pattern SETTING =
            Pattern.compile("\\s*instanceIdleTimeout\\s*=\\s*(-?\\d{1,9})\\b.*", Pattern.CASE_INSENSITIVE);

    private final Optional<Path> file;

    /** @param home where {@code .wslconfig} may be */
    IdleTimeout(Optional<Path> home) {
        this.file = home.map(folder -> folder.resolve(".wslconfig"));
    }

    /**
     * The timeout; empty: for ever. Each call reads the file, so that an edit counts; WSL itself reads it when the VM
     * starts.
     */
    Optional<Duration> current() {
        Optional<Integer> millis = setting();
        if (millis.isEmpty()) {
            return Optional.of(DEFAULT);
        }
        return millis.filter(timeout -> timeout >= 0).map(Duration::ofMillis);
    }

    /** The last setting counts. */
    private Optional<Integer> setting() {
        Optional<Integer> millis = Optional.empty();
        String section = "";
        for (String line : text().lines().toList()) {
            Matcher header = HEADER.matcher(line);
            Matcher setting = SETTING.matcher(line);
            if (header.matches()) {
                section = header.group(1);
            } else if (section.equalsIgnoreCase(SECTION) && setting.matches()) {
                millis = Optional.of(Integer.valueOf(setting.group(1)));
            }
        }
        return millis;
    }

    private String text() {
        if (file.isEmpty()) {
            return "";
        }
        try (InputStream in = Files.newInputStream(file.get())) {
            // The settings are ASCII, whatever else is in the file.
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException none) {
            return "";
        }
    }
}
