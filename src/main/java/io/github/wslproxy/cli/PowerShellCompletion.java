package io.github.wslproxy.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The script for Register-ArgumentCompleter, which Windows PowerShell 5.1 and PowerShell 7 have. */
final class PowerShellCompletion {
    /** Its table has the words that may follow a command; those that may follow none are under the empty name. */
    private static final String SCRIPT = """
            Register-ArgumentCompleter -Native -CommandName wslproxy, wslproxy.cmd, wslproxy.exe -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $words = @{
            %s
                }
                $command = ''
                foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
                    $text = $element.ToString()
                    if ($text -ne $wordToComplete -and $text -ne '' -and $words.ContainsKey($text)) {
                        $command = $text
                        break
                    }
                }
                $words[$command] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """;

    private PowerShellCompletion() {}

    static String of(CommandLine program) {
        List<String> rows = new ArrayList<>(List.of(row("", program)));
        program.getSubcommands().forEach((name, command) -> rows.add(row(name, command)));
        return SCRIPT.formatted(String.join("\n", rows));
    }

    /** Every word is the name of a command, a constant or an option, so single quotes need no escapes. */
    private static String row(String name, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        List<String> words = new ArrayList<>(command.getSubcommands().keySet());
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            Iterable<String> candidates = parameter.completionCandidates();
            if (candidates != null) {
                candidates.forEach(words::add);
            }
        }
        spec.options().forEach(option -> words.add(option.longestName()));
        return words.stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(", ", "        '" + name + "' = ", ""));
    }
}
