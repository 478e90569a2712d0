package io.github.wslproxy.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The words of each command for Register-ArgumentCompleter, which Windows PowerShell 5.1 and PowerShell 7 have. */
final class PowerShellCompletion {
    /** By the first word that names a command: what may follow. */
    private static final String SCRIPT = """
            Register-ArgumentCompleter -Native -CommandName wslproxy, wslproxy.cmd, wslproxy.exe -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $words = @{
            %s
                }
                $command = ''
                foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
                    $text = $element.ToString()
                    if ($text -ne $wordToComplete -and $text -ne '' -and $words.ContainsKey($text)) { $command = $text; break }
                }
                $words[$command] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """;

    private PowerShellCompletion() {}

    static String of(CommandLine program) {
        String rows = Stream.concat(
                        Stream.of(row("", program)),
                        visible(program).map(command -> row(command.getKey(), command.getValue())))
                .collect(Collectors.joining("\n"));
        return SCRIPT.formatted(rows);
    }

    private static Stream<Map.Entry<String, CommandLine>> visible(CommandLine program) {
        return program.getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden());
    }

    /** All words are names of options, commands and constants, in which nothing is special within single quotes. */
    private static String row(String command, CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        List<String> options = spec.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .toList();
        Stream<String> values = spec.positionalParameters().stream()
                .flatMap(parameter -> parameter.completionCandidates() == null
                        ? Stream.empty()
                        : Stream.of(parameter.completionCandidates())
                                .flatMap(all -> StreamSupport.stream(all.spliterator(), false)));
        return Stream.of(visible(line).map(Map.Entry::getKey), values, options.stream())
                .flatMap(each -> each)
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(", ", "        '" + command + "' = ", ""));
    }
}
