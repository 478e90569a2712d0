package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What the proxy wrote that it should never have to. */
final class ProxyLog {
    private static final Pattern DEFECT = Pattern.compile("^\\S+ \\S+ ERROR |^\\S+ ERROR |^\\s+at |LEAK:|Exception:");

    private ProxyLog() {}

    /** Lines of errors and stack traces, but for those of invalid edits, which the soak makes itself. */
    static List<String> defects(Path file) throws IOException {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.filter(line -> DEFECT.matcher(line).find())
                    .filter(line -> !line.contains("/proxy.toml"))
                    .limit(5)
                    .toList();
        }
    }
}
