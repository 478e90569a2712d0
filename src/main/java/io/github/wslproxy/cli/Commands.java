package io.github.wslproxy.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** The commands, and how a command line is read. */
final class Commands {
    private static final List<String> WITHOUT_CONFIGURATION = List.of("demo", "completion", "help");

    private Commands() {}

    /** The program with all its commands, which {@code factory} makes. */
    static CommandLine line(WslProxyCommand program, IFactory factory) {
        CommandLine line = new CommandLine(program, factory);
        commands().forEach(line::addSubcommand);
        WITHOUT_CONFIGURATION.forEach(name -> {
            CommandSpec command =
                    Objects.requireNonNull(line.getSubcommands().get(name)).getCommandSpec();
            command.remove(command.findOption(WslProxyCommand.CONFIG));
        });
        return withWords(line);
    }

    /** Has the order of the help. A constant would load all these classes at each start. */
    private static List<Class<? extends SubCommand>> commands() {
        return List.of(
                InitCommand.class,
                CheckCommand.class,
                PageCommand.class,
                StatusCommand.class,
                UrlsCommand.class,
                DoctorCommand.class,
                ShareCommand.class,
                PauseCommand.class,
                ResumeCommand.class,
                LogsCommand.class,
                ProbeCommand.class,
                FirewallCommand.class,
                InstallCommand.class,
                UninstallCommand.class,
                StartCommand.class,
                StopCommand.class,
                ImportNetshCommand.class,
                DemoCommand.class,
                CompletionCommand.class,
                HelpCommand.class);
    }

    private static CommandLine withWords(CommandLine line) {
        return line.setOut(Terminal.out())
                .setErr(Terminal.err())
                .setExpandAtFiles(false) // A name such as @x names no file with arguments.
                .registerConverter(Integer.class, new Converters.NumberConverter())
                .registerConverter(int.class, new Converters.NumberConverter())
                .registerConverter(Path.class, new Converters.PathConverter())
                .setExecutionStrategy(Commands::execute)
                .setExecutionExceptionHandler(new FailurePrinter())
                .setParameterExceptionHandler(FailurePrinter::wrongUsage);
    }

    /** Refuses first what would be ignored, because the library prints help before it looks at the rest. */
    private static int execute(ParseResult parsed) {
        for (CommandLine line : parsed.asCommandLineList()) {
            List<String> unmatched = line.getParseResult().unmatched();
            if (!unmatched.isEmpty()) {
                throw new UnmatchedArgumentException(line, unmatched);
            }
        }
        if (parsed.hasSubcommand()) {
            refuseIgnored(parsed, parsed.subcommand());
        }
        return new RunLast().execute(parsed);
    }

    private static void refuseIgnored(ParseResult program, ParseResult command) {
        CommandLine line = command.commandSpec().commandLine();
        String name = command.commandSpec().name();
        if (program.hasMatchedOption(BackgroundConsole.OPTION)) {
            throw new ParameterException(
                    line, BackgroundConsole.OPTION + " is for wslproxy without a command, not for " + name);
        }
        if (program.hasMatchedOption(WslProxyCommand.CONFIG) && WITHOUT_CONFIGURATION.contains(name)) {
            throw new ParameterException(
                    line, name + " reads no configuration, so " + WslProxyCommand.CONFIG + " means nothing there");
        }
        if (program.hasMatchedOption(WslProxyCommand.CONFIG) && command.hasMatchedOption(WslProxyCommand.CONFIG)) {
            throw new ParameterException(line, WslProxyCommand.CONFIG + " is given twice");
        }
    }

    /** The program without its commands: their model costs more than all else that it does before it listens. */
    static CommandLine plainLine(WslProxyCommand program) {
        return withWords(new CommandLine(program));
    }

    /** Whether no command can be meant, and nothing is wrong that the whole model would explain better. */
    static boolean isPlainRun(String... args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(WslProxyCommand.CONFIG) || args[i].equals("-c")) {
                i++;
                if (i == args.length) {
                    return false;
                }
            } else if (!args[i].startsWith(WslProxyCommand.CONFIG + "=")
                    && !args[i].equals(WslProxyCommand.VERBOSE)
                    && !args[i].equals(BackgroundConsole.OPTION)) {
                return false;
            }
        }
        return true;
    }
}
