package io.github.wslproxy.bench.soak;

import io.github.wslproxy.forward.DurationWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What was soaked, when and on what, in one line. */
final class Machine {
    private Machine() {}

    static String title(Path zip, Duration length) throws IOException {
        return "%s, soaked for %s on %s: %d x %s, Java %s"
                .formatted(
                        zip.getFileName().toString().replace(".zip", "").replace('-', ' '),
                        DurationWords.of(length),
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        System.getProperty("java.version"));
    }

    private static String processor() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("processor unknown");
        }
    }
}
