package io.github.wslproxy.cli;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Shows the log. */
@Command(
        name = "logs",
        description = {
            "Prints where the log is, and its last lines.",
            "It is [log] file of the configuration, or else that of a program without a console, such as the"
                    + " logon task."
        },
        footer = {"", "Example: wslproxy logs --follow"})
final class LogsCommand extends SubCommand {
    private static final long PAUSE_MILLIS = 500;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is added, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "20",
            description = "How many lines (default: ${DEFAULT-VALUE}).")
    private int count;

    private final InstallContext context;

    LogsCommand() {
        this(InstallContext.onThisComputer());
    }

    LogsCommand(InstallContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        if (count < 0) {
            throw new ParameterException(commandLine(), "--lines " + count + " (expected 0 or more)");
        }
        Path file = file();
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "there is no log yet at " + file + "; it is written by wslproxy --background, which the"
                            + " logon task runs, and where [log] file is set");
        }
        out().println(file + ":");
        LogTail tail = LogTail.of(file);
        print(tail.last(count));
        if (follow) {
            follow(tail);
        }
        return ExitCode.OK;
    }

    private Path file() {
        Path config = context.config(this);
        try {
            return BackgroundConsole.log(ConfigFile.read(config).log(), context.state());
        } catch (ConfigException invalid) {
            err().println("wslproxy: " + config + " cannot be used, so this is the default log; to see why: "
                    + ownCommand().line("check"));
            return context.state().log();
        }
    }

    private void follow(LogTail tail) throws IOException {
        try {
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                print(tail.next());
            }
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(List<String> lines) {
        lines.forEach(out()::println);
        out().flush();
    }
}
