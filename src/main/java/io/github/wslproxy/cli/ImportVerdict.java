package io.github.wslproxy.cli;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Problem;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.windows.ImportedForward;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which of the imported forwards can stand together in one configuration. portproxy puts up with rules that loop and
 * with an address beside its wildcard, wslproxy does not, so the forwards are read as {@code check} would read them.
 *
 * @param accepted what each of them means, in the order they were given
 * @param refused the others, with what {@code check} would say of them
 */
record ImportVerdict(Map<ImportedForward, Forward> accepted, Map<ImportedForward, String> refused) {
    /** Says where wsl is on systems that are not Windows; of a block that no computer has (RFC 5737). */
    private static final List<String> HEAD = List.of("[wsl]", "address = \"192.0.2.1\"");

    /** Blocks: names may be looked up. */
    static ImportVerdict of(List<ImportedForward> candidates) {
        List<ImportedForward> left = new ArrayList<>(candidates);
        Map<ImportedForward, String> refused = new LinkedHashMap<>();
        while (true) { // Each round but the last refuses at least one.
            try {
                List<Forward> forwards = left.isEmpty()
                        ? List.of()
                        : ConfigFile.parse(toml(left)).forwards();
                Map<ImportedForward, Forward> accepted = new LinkedHashMap<>();
                for (int i = 0; i < left.size(); i++) {
                    accepted.put(left.get(i), forwards.get(i));
                }
                return new ImportVerdict(accepted, refused);
            } catch (ConfigException invalid) {
                invalid.problems().forEach(problem -> refused.putIfAbsent(owner(left, problem), problem.message()));
                left.removeAll(refused.keySet());
            }
        }
    }

    private static String toml(List<ImportedForward> forwards) {
        List<String> lines = new ArrayList<>(HEAD);
        forwards.forEach(forward -> lines.addAll(forward.toml()));
        return String.join("\n", lines) + "\n";
    }

    private static ImportedForward owner(List<ImportedForward> forwards, Problem problem) {
        TreeMap<Integer, ImportedForward> byFirstLine = new TreeMap<>();
        int line = HEAD.size() + 1;
        for (ImportedForward forward : forwards) {
            byFirstLine.put(line, forward);
            line += forward.toml().size();
        }
        var owner = byFirstLine.floorEntry(problem.line());
        return owner == null ? byFirstLine.lastEntry().getValue() : owner.getValue();
    }
}
