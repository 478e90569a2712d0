package io.github.wslproxy.cli;

import io.github.wslproxy.app.AlreadyRunningException;
import io.github.wslproxy.app.ConfigWatcher;
import io.github.wslproxy.app.InstanceLock;
import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.AdminToken;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.app.Version;
import io.github.wslproxy.app.WslProxy;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.config.LogSettings;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.DurationWords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

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
    private static final Logger log = LoggerFactory.getLogger(WslProxyCommand.class);

    private static final String STOPPED = "wslproxy has stopped";
    private static final String AGAIN = " to finish (Ctrl-C again ends it now)";

    private static final String CONFIG = "--config";
    private static final String VERBOSE = "--verbose";
    private static final List<String> WITHOUT_CONFIGURATION = List.of("demo", "completion", "help");

    /** What open links are given to end by themselves. */
    private static final Duration GRACE = Duration.ofSeconds(5);

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
        CommandLine command = isPlainRun(args) ? plain(program) : commandLine(program, CommandLine.defaultFactory());
        return BackgroundConsole.isAskedFor(args)
                ? program.backgroundConsole.execute(command, args)
                : command.execute(args);
    }

    /** @param factory makes the commands */
    static CommandLine commandLine(WslProxyCommand program, IFactory factory) {
        CommandLine line = new CommandLine(program, factory);
        commands().forEach(line::addSubcommand);
        WITHOUT_CONFIGURATION.forEach(name -> {
            CommandSpec command =
                    Objects.requireNonNull(line.getSubcommands().get(name)).getCommandSpec();
            command.remove(command.findOption(CONFIG));
        });
        return withWords(line);
    }

    /** In the order of the help. Not a constant: that would load all these classes at each start. */
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
        return line.setExpandAtFiles(false) // A name such as @x is a name, and not a file with arguments.
                .registerConverter(Integer.class, new NumberConverter())
                .registerConverter(int.class, new NumberConverter())
                .registerConverter(Path.class, new PathConverter())
                .setExecutionStrategy(WslProxyCommand::execute)
                .setExecutionExceptionHandler(new FailurePrinter())
                .setParameterExceptionHandler(FailurePrinter::wrongUsage);
    }

    /** Refuses first what would be ignored: the library asks for help before it looks at the rest. */
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
        if (program.hasMatchedOption(CONFIG) && WITHOUT_CONFIGURATION.contains(name)) {
            throw new ParameterException(line, name + " reads no configuration, so " + CONFIG + " means nothing there");
        }
        if (program.hasMatchedOption(CONFIG) && command.hasMatchedOption(CONFIG)) {
            throw new ParameterException(line, CONFIG + " is given twice");
        }
    }

    /** Without the commands, whose model costs a start more than all else that is done before it listens. */
    private static CommandLine plain(WslProxyCommand program) {
        return withWords(new CommandLine(program));
    }

    /** Whether no command can be meant, and nothing is wrong that the whole model would explain better. */
    static boolean isPlainRun(String... args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals(CONFIG) || args[i].equals("-c")) {
                i++;
                if (i == args.length) {
                    return false;
                }
            } else if (!args[i].startsWith(CONFIG + "=")
                    && !args[i].equals(VERBOSE)
                    && !args[i].equals(BackgroundConsole.OPTION)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Integer call() throws Exception {
        UncaughtFailures failures = UncaughtFailures.install(spec.commandLine().getErr(), verbose);
        try {
            return background ? runInBackground(failures) : runInForeground(failures);
        } catch (Error fatal) {
            Fault.escalate(fatal);
            return ExitCode.FAILED;
        }
    }

    private int runInForeground(UncaughtFailures failures) throws Exception {
        ConfigWatcher reload = new ConfigWatcher(configFile());
        try (InstanceLock lock = InstanceLock.take(configFile(), StateDirectory.ofThisUser())) {
            LogSettings settings = reload.settings().log();
            Logging.configure(settings, verbose);
            runLogged(reload, lock, failures, settings.file());
        }
        return failures.exitCode();
    }

    /** The log is closed before the next instance may open it. */
    private void runLogged(ConfigWatcher reload, InstanceLock lock, UncaughtFailures failures, Optional<Path> file)
            throws Exception {
        try {
            file.ifPresent(unused -> logStart());
            runUntilStopped(reload, lock, failures, file);
            file.ifPresent(unused -> log.info(STOPPED));
        } finally {
            Logging.flush();
        }
    }

    /**
     * What starts it is a watchdog as a rule, every five minutes: where an instance runs already, that is all there is
     * to know, whatever has become of the configuration, and the log belongs to that instance.
     */
    private int runInBackground(UncaughtFailures failures) throws Exception {
        try (InstanceLock lock = InstanceLock.take(configFile(), StateDirectory.ofThisUser())) {
            ConfigWatcher reload = new ConfigWatcher(configFile());
            backgroundConsole.open(reload.settings().log(), verbose);
            logStart();
            runUntilStopped(reload, lock, failures, Optional.empty());
            log.info(STOPPED);
        } catch (AlreadyRunningException asItShould) {
            return ExitCode.OK;
        }
        return failures.exitCode();
    }

    private void logStart() {
        log.info(
                "wslproxy {} starts (pid {}) with {}",
                Version.current(),
                ProcessHandle.current().pid(),
                configFile().toAbsolutePath().normalize());
    }

    /** @param log where the lines go that are not on the console, if anywhere */
    private void runUntilStopped(ConfigWatcher reload, InstanceLock lock, UncaughtFailures failures, Optional<Path> log)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        WslProxy proxy = new WslProxy(reload.settings(), configFile(), absoluteCommands(), this::token);
        String reason = "";
        SignalHandler.interruptThisThread(() -> {
            proxy.cutOff();
            lock.close();
        });
        failures.interruptThisThread();
        AccountWarnings.logSoon();
        try (reload) {
            proxy.start();
            reload.follow(proxy.forwards(), verbose);
            List<String> table = StatusView.started(proxy.snapshot(), proxy.statusUrl());
            table.forEach(out::println);
            log.ifPresent(file -> out.println("log: " + file));
            out.flush();
            lock.announce(proxy.started(table));
            proxy.onStatusMoved(
                    () -> lock.tell(proxy.started(StatusView.started(proxy.snapshot(), proxy.statusUrl()))));
            lock.awaitStopRequest();
            reason = " (wslproxy stop)";
        } catch (InterruptedException signalOrFailure) {
            // The end is the same, and who has sent the signal knows why.
        }
        stop(proxy, out, reason, log.isPresent());
    }

    /** Forwarding does not need it. */
    private String token() {
        try {
            return AdminToken.renew(configFile(), StateDirectory.ofThisUser());
        } catch (IOException e) {
            log.warn("{}; the page, share and pause cannot change anything", e.getMessage());
            return AdminToken.random();
        }
    }

    private static void stop(WslProxy proxy, PrintWriter out, String reason, boolean logs) {
        String line = "stopping" + reason + grace(proxy.open());
        out.println("wslproxy: " + line);
        out.flush();
        if (logs) {
            log.info(line);
        }
        try {
            proxy.stop(GRACE);
        } catch (InterruptedException signalMeanwhile) {
            out.println("wslproxy: stopping at once");
        }
        ForcedExit.goesFirst();
    }

    private static String grace(long open) {
        return switch ((int) Math.min(open, 2)) {
            case 0 -> "";
            case 1 -> "; 1 open connection or session has up to " + DurationWords.of(GRACE) + AGAIN;
            default -> "; " + open + " open connections and sessions have up to " + DurationWords.of(GRACE) + AGAIN;
        };
    }

    /** Whether the configuration was named. */
    boolean isConfigNamed() {
        return config != null;
    }

    /** The configuration that was named, or else the place where this user's is. */
    Path configFile() {
        return config == null ? DefaultConfig.ofThisUser() : config;
    }

    /** As the configuration was named, which holds in the folder where that was typed. */
    OwnCommand ownCommand() {
        return config == null || DefaultConfig.isOfThisUser(config) ? OwnCommand.OF_DEFAULT : OwnCommand.naming(config);
    }

    /** For whoever reads the log or the page, wherever that is. */
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
