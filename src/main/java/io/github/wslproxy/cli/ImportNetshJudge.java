package io.github.wslproxy.cli;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Problem;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.windows.ImportedForward;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which of the imported forwards may stand in one configuration. The judge is {@link ConfigFile} itself, so that {@code
 * check} accepts what {@code import-netsh} prints: portproxy puts up with rules that loop and with a specific address
 * beside the wildcard, wslproxy does not.
 */
final class ImportNetshJudge {
    /** Says where wsl is on systems that are not Windows; of a block that no computer has (RFC 5737). */
    private static final List<String> HEAD = List.of("[wsl]", "address = \"192.0.2.1\"");

    private final List<ImportedForward> accepted;
    private final List<Refused> refused = new ArrayList<>();

    private ImportNetshJudge(List<ImportedForward> candidates) {
        this.accepted = new ArrayList<>(candidates);
    }

    /** A forward that {@code check} would not accept, and what it would say. */
    record Refused(ImportedForward forward, String reason) {}

    /**
     * @param accepted in the order they were given
     * @param forwards what {@code accepted} means, one for one
     */
    record Verdict(List<ImportedForward> accepted, List<Forward> forwards, List<Refused> refused) {}

    /** Blocks: names may be looked up. */
    static Verdict judge(List<ImportedForward> candidates) throws IOException {
        ImportNetshJudge judge = new ImportNetshJudge(candidates);
        Path file = Files.createTempFile("wslproxy-import", ".toml");
        try {
            return new Verdict(judge.accepted, judge.forwards(file), judge.refused);
        } finally {
            Files.delete(file);
        }
    }

    /** Each round refuses at least one, so it ends. */
    private List<Forward> forwards(Path file) throws IOException {
        while (!accepted.isEmpty()) {
            Files.write(file, lines());
            try {
                return ConfigFile.read(file).forwards();
            } catch (ConfigException invalid) {
                refuse(invalid.problems());
            }
        }
        return List.of();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>(HEAD);
        accepted.forEach(forward -> lines.addAll(forward.toml()));
        return lines;
    }

    private void refuse(List<Problem> problems) {
        TreeMap<Integer, ImportedForward> starts = new TreeMap<>();
        int line = HEAD.size() + 1;
        for (ImportedForward forward : accepted) {
            starts.put(line, forward);
            line += forward.toml().size();
        }
        for (Problem problem : problems) {
            var owner = starts.floorEntry(problem.line());
            refuse(owner == null ? starts.lastEntry().getValue() : owner.getValue(), problem);
        }
        Set<ImportedForward> gone = refused.stream().map(Refused::forward).collect(Collectors.toSet());
        accepted.removeIf(gone::contains);
    }

    private void refuse(ImportedForward forward, Problem problem) {
        if (refused.stream().noneMatch(each -> each.forward().equals(forward))) {
            // The lines are those of a file that nobody sees.
            refused.add(new Refused(forward, problem.message().replaceAll(" of line \\d+", "")));
        }
    }
}
