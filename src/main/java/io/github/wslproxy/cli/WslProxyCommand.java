package io.github.wslproxy.cli;

import io.github.wslproxy.app.Version;
import io.github.wslproxy.os.OwnCommand;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program itself: without a command it forwards until it is told to stop. */
@Command(
        name = "wslproxy",
        mixinStandardHelpOptions = true,
        versionProvider = WslProxyCommand.VersionLine.class,
        header = {
            "Forwards TCP and UDP from the LAN into WSL 2 and follows the VM when it moves.",
            "",
            "To begin:",
            "  wslproxy init     writes a commented configuration and says where",
            "  wslproxy check    when you have edited it: says what is wrong, or the plan",
            "  wslproxy          runs it in this window until Ctrl-C",
            "  wslproxy page     its status page, http://127.0.0.1:9797/ unless configured",
            "To see it work without WSL: wslproxy demo",
            ""
        },
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands (wslproxy help COMMAND explains one, wslproxy help --all all of them):%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done, or ended by Ctrl-C, SIGTERM or wslproxy stop",
            "1:failed",
            "2:wrong usage, or a configuration that is not valid",
            "130, 143:ended at once by a second Ctrl-C or SIGTERM"
        },
        footer = {"", "Example: wslproxy --config proxy.toml"})
public final class WslProxyCommand implements Callable<Integer> {
    static final String CONFIG = "--config";
    static final String VERBOSE = "--verbose";

    @Option(
            names = {"-c", CONFIG},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = {
                "The configuration. The default on Windows is",
                "%%APPDATA%%\\wslproxy\\proxy.toml and elsewhere",
                "~/.config/wslproxy/proxy.toml."
            })
    private @Nullable Path config;

    @Option(
            names = VERBOSE,
            scope = ScopeType.INHERIT,
            description = "Log debug lines, and print stack traces of failures.")
    private boolean verbose;

    @Option(
            names = BackgroundConsole.OPTION,
            description = {
                "Run without a console, as the logon task does: what would be printed goes to [log] file, or else to",
                "%%LOCALAPPDATA%%\\wslproxy\\logs\\wslproxy.log or,",
                "on other systems,",
                "~/.local/state/wslproxy/wslproxy.log."
            })
    private boolean background;

    @Spec
    private CommandSpec spec;

    private final BackgroundConsole backgroundConsole = new BackgroundConsole();

    /** Runs the command line and returns the exit status. */
    public static int run(String... args) {
        WslProxyCommand program = new WslProxyCommand();
        CommandLine command = Commands.isPlainRun(args)
                ? Commands.plainLine(program)
                : Commands.line(program, CommandLine.defaultFactory());
        return BackgroundConsole.isAskedFor(args)
                ? program.backgroundConsole.execute(command, args)
                : command.execute(args);
    }

    @Override
    public Integer call() throws Exception {
        RunCommand run = new RunCommand(configFile(), absoluteCommands(), spec.commandLine(), verbose);
        return run.run(background ? Optional.of(backgroundConsole) : Optional.empty());
    }

    /** Whether the configuration was named. */
    boolean isConfigNamed() {
        return config != null;
    }

    /** The configuration that was named, or else the place where this user's is. */
    Path configFile() {
        return config == null ? DefaultConfig.ofThisUser() : config;
    }

    /** Names the configuration as the user did, which holds in the folder where that was typed. */
    OwnCommand ownCommand() {
        return config == null || DefaultConfig.isOfThisUser(config) ? OwnCommand.OF_DEFAULT : OwnCommand.naming(config);
    }

    /** Names the configuration by its whole path, because the log and the page are read anywhere. */
    private OwnCommand absoluteCommands() {
        return ownCommand().config().isEmpty()
                ? OwnCommand.OF_DEFAULT
                : OwnCommand.naming(configFile().toAbsolutePath().normalize());
    }

    boolean isVerbose() {
        return verbose;
    }

    static final class VersionLine implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"wslproxy " + Version.current() + ", Java " + Runtime.version()};
        }
    }
}
