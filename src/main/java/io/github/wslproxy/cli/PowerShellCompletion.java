package io.github.wslproxy.cli;

import io.github.wslproxy.windows.powershell.CompletionScript;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The words of this program, for the script by which PowerShell completes them. */
final class PowerShellCompletion {
    private PowerShellCompletion() {}

    static String of(CommandLine program) {
        Map<String, List<String>> words = new LinkedHashMap<>();
        words.put("", words(program));
        program.getSubcommands().forEach((name, command) -> words.put(name, words(command)));
        return CompletionScript.of(words);
    }

    private static List<String> words(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        List<String> words = new ArrayList<>(command.getSubcommands().keySet());
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            Iterable<String> candidates = parameter.completionCandidates();
            if (candidates != null) {
                candidates.forEach(words::add);
            }
        }
        spec.options().forEach(option -> words.add(option.longestName()));
        return words;
    }
}
