package io.github.wslproxy.cli;

import io.github.wslproxy.windows.ImportedForward;
import io.github.wslproxy.windows.PortProxyRules.RejectedRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code import-netsh} prints about rules that it read: forwards as TOML, and the others with the reason. */
final class ImportNetshText {
    private static final Set<String> THIS_COMPUTER = Set.of("127.0.0.1", "::1", "localhost");

    private ImportNetshText() {}

    /** Each forward with an empty line before it. */
    static List<String> toml(Collection<ImportedForward> forwards) {
        List<String> lines = new ArrayList<>();
        for (ImportedForward forward : forwards) {
            lines.add("");
            lines.addAll(forward.toml());
        }
        return lines;
    }

    /** Rules that became no forward, each with the reason; none if there are none. */
    static List<String> notImported(List<RejectedRow> rejected, Map<ImportedForward, String> refused) {
        List<String> lines = new ArrayList<>();
        refused.forEach((forward, reason) -> lines.addAll(refused(forward, reason)));
        for (RejectedRow row : rejected) {
            lines.add("  " + row.row());
            lines.add("    " + row.reason());
            row.deleteCommand().ifPresent(command -> lines.add("    " + command));
        }
        return headed("Not imported, with the command that deletes the rule, as administrator:", lines);
    }

    private static List<String> refused(ImportedForward forward, String reason) {
        List<String> lines = new ArrayList<>();
        forward.rules().forEach(rule -> lines.add("  " + rule));
        lines.add("    " + reason);
        if (THIS_COMPUTER.contains(forward.rules().get(0).connectAddress())) {
            lines.add("    If the server is in WSL, this is the forward:");
            forward.intoWsl().toml().forEach(line -> lines.add("      " + line));
        }
        forward.rules().forEach(rule -> lines.add("    " + rule.deleteCommand()));
        return lines;
    }

    /** The rules that are forwards now. */
    static List<String> leftovers(Set<ImportedForward> forwards) {
        List<String> lines = new ArrayList<>();
        forwards.forEach(forward -> forward.rules().forEach(rule -> lines.add("  " + rule.deleteCommand())));
        return headed("The rules hold these ports until they are deleted, as administrator:", lines);
    }

    private static List<String> headed(String head, List<String> lines) {
        if (!lines.isEmpty()) {
            lines.add(0, head);
            lines.add(0, "");
        }
        return lines;
    }

    /** Makes TOML comments of lines. */
    static List<String> asComments(List<String> lines) {
        return lines.stream().map(line -> line.isEmpty() ? "" : "# " + line).toList();
    }
}
