package io.github.wslproxy.wsl;

import io.github.wslproxy.os.TerminalText;
import java.util.List;
import java.util.Optional;

/**
 * The names that {@code wsl.exe -l -q} prints, one a line, the default first (WslClient.cpp, ListDistributionsHelper).
 */
final class DistributionNames {
    /** A key of the registry, which each one has, could not be longer. */
    private static final int LONGEST = 255;

    private DistributionNames() {}

    static List<String> in(String output) {
        return output.lines()
                .map(String::strip)
                .filter(DistributionNames::isName)
                .toList();
    }

    /** It becomes an argument, and is shown: what would be an option there, or command a terminal, is no name. */
    private static boolean isName(String line) {
        return !line.isEmpty()
                && line.length() <= LONGEST
                && !line.startsWith("-")
                && line.codePoints().noneMatch(c -> c == '"' || TerminalText.isUnprintable(c));
    }

    /**
     * The one to look into, out of those that run, so that none is woken. Those that Docker, Rancher and Podman keep
     * for themselves count only where they are named: they run without a pause, and the servers that people start are
     * elsewhere.
     *
     * @param wanted empty = whichever runs
     */
    static Optional<String> pick(List<String> running, Optional<String> wanted) {
        if (wanted.isPresent()) {
            return running.stream().filter(wanted.get()::equalsIgnoreCase).findFirst();
        }
        return running.stream()
                .filter(name -> !name.matches("(?i)(docker|rancher)-desktop.*|podman-machine-.*"))
                .findFirst();
    }
}
