package io.github.wslproxy.cli;

import io.github.wslproxy.cli.ImportNetshJudge.Refused;
import io.github.wslproxy.cli.ImportNetshJudge.Verdict;
import io.github.wslproxy.windows.ImportedForward;
import io.github.wslproxy.windows.PortProxyListing;
import io.github.wslproxy.windows.PortProxyListing.Rejected;
import io.github.wslproxy.windows.PortProxyRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What {@code import-netsh} says about rules that it read: forwards as TOML, and the rest in words. */
final class ImportNetshText {
    private static final Set<String> THIS_COMPUTER = Set.of("127.0.0.1", "::1", "localhost");

    private ImportNetshText() {}

    /** Each forward with an empty line before it. */
    static List<String> toml(List<ImportedForward> forwards) {
        List<String> lines = new ArrayList<>();
        for (ImportedForward forward : forwards) {
            lines.add("");
            lines.addAll(forward.toml());
        }
        return lines;
    }

    /** Rules that became no forward, each with the reason; none if there are none. */
    static List<String> notImported(PortProxyListing listing, Verdict verdict) {
        List<String> lines = new ArrayList<>();
        for (Refused refused : verdict.refused()) {
            lines.addAll(refused(refused));
        }
        for (Rejected rejected : listing.rejected()) {
            lines.add("  " + rejected.row());
            lines.add("    " + rejected.reason());
            rejected.deleteCommand().ifPresent(command -> lines.add("    " + command));
        }
        return headed("Not imported, with the command that deletes the rule, as administrator:", lines);
    }

    private static List<String> refused(Refused refused) {
        List<String> lines = new ArrayList<>();
        ImportedForward forward = refused.forward();
        forward.rules().forEach(rule -> lines.add("  " + rule));
        lines.add("    " + refused.reason());
        PortProxyRule rule = forward.rules().get(0);
        if (THIS_COMPUTER.contains(rule.connectAddress())) {
            lines.add("    If the server is in WSL, this is the forward:");
            ImportedForward inWsl =
                    new ImportedForward(forward.name(), forward.rules(), "wsl:" + rule.connectPort(), "");
            inWsl.toml().forEach(line -> lines.add("      " + line));
        }
        forward.rules().forEach(each -> lines.add("    " + each.deleteCommand()));
        return lines;
    }

    /** The rules that are forwards now. */
    static List<String> leftovers(List<ImportedForward> forwards) {
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

    /** The lines as TOML comments. */
    static List<String> asComments(List<String> lines) {
        return lines.stream().map(line -> line.isEmpty() ? "" : "# " + line).toList();
    }
}
