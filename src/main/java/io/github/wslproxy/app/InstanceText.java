package io.github.wslproxy.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a running instance tells of itself in its lock file.
 *
 * @param startTable empty: it has not finished to start
 */
record InstanceText(long pid, Optional<List<String>> startTable) {
    private static final String STARTED = "started";

    /** A reader may see half of it while it is written. */
    private static final String END = "end";

    String format() {
        List<String> lines = new ArrayList<>();
        lines.add(Long.toString(pid));
        startTable.ifPresent(table -> {
            lines.add(STARTED);
            lines.addAll(table);
            lines.add(END);
        });
        return String.join("\n", lines) + "\n";
    }

    /** Empty if it is not that text, or not all of its head is there yet. */
    static Optional<InstanceText> parse(String text) {
        List<String> lines = text.lines().toList();
        if (!text.contains("\n") || !lines.get(0).matches("\\d{1,18}")) {
            return Optional.empty();
        }
        boolean complete = lines.size() > 2
                && lines.get(1).equals(STARTED)
                && lines.get(lines.size() - 1).equals(END);
        return Optional.of(new InstanceText(
                Long.parseLong(lines.get(0)),
                complete ? Optional.of(lines.subList(2, lines.size() - 1)) : Optional.empty()));
    }
}
