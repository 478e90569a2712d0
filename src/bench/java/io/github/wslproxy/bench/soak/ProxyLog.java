package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the proxy wrote, and should not have had to. */
final class ProxyLog {
    private static final Pattern DEFECT = Pattern.compile("^\\S+ (\\S+ )?ERROR |^\\s+at |LEAK:|Exception:");
    private static final int MOST_OF_A_FILE = 5;

    private ProxyLog() {}

    /** Errors and stack traces in its logs and its output, but for the invalid edits, which the soak makes itself. */
    static List<String> defects(Path folder) throws IOException {
        List<String> defects = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "{wslproxy*.log*,proxy.out}")) {
            for (Path file : files) {
                defectsIn(file).forEach(line -> defects.add(file.getFileName() + " has: " + line));
            }
        }
        return defects;
    }

    private static List<String> defectsIn(Path file) throws IOException {
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.filter(line -> DEFECT.matcher(line).find())
                    .filter(line -> !line.contains("/proxy.toml"))
                    .limit(MOST_OF_A_FILE)
                    .toList();
        }
    }
}
