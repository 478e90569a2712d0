package io.github.wslproxy.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Prints the manual: the help texts of the commands. */
@Command(
        name = "help",
        description = "Explains a command, or all of them: the manual.",
        footer = {"", "Example: wslproxy help --all", "         wslproxy help share"})
final class HelpCommand extends SubCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "COMMAND", description = "The command (default: wslproxy).")
    private @Nullable String name;

    @Option(names = "--all", description = "The whole manual, in one text.")
    private boolean all;

    @Override
    public Integer call() {
        CommandLine program = commandLine().getCommandSpec().root().commandLine();
        if (all) {
            printSection(program);
            program.getSubcommands().values().forEach(this::printSection);
            return ExitCode.OK;
        }
        String asked = name;
        CommandLine command = asked == null ? program : program.getSubcommands().get(asked);
        if (asked != null && command == null) {
            throw new ParameterException(commandLine(), UsageText.unknownCommand(program, asked));
        }
        Objects.requireNonNull(command).usage(out(), Ansi.OFF);
        return ExitCode.OK;
    }

    private void printSection(CommandLine command) {
        out().println("==== " + command.getCommandSpec().qualifiedName());
        command.usage(out(), Ansi.OFF);
        out().println();
    }
}
