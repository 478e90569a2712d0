package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.Version;
import io.github.wslproxy.app.WslProxy;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.DurationWords;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
        description = {
            "Forwards TCP and UDP from the LAN into WSL 2 and follows the VM when it moves.",
            "Without a command it runs in the foreground until Ctrl-C."
        },
        footer = {"", "Example: wslproxy --config proxy.toml"},
        subcommands = {
            CheckCommand.class,
            ProbeCommand.class,
            DoctorCommand.class,
            InitCommand.class,
            ImportNetshCommand.class,
            FirewallCommand.class,
            DemoCommand.class
        })
public final class WslProxyCommand implements Callable<Integer> {
    /** What open links are given to end by themselves. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The configuration (default: %%APPDATA%%\\wslproxy\\proxy.toml on Windows, elsewhere"
                    + " ~/.config/wslproxy/proxy.toml).")
    private @Nullable Path config;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log debug lines, and print stack traces of failures.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    /** Runs the command line and returns the exit status. */
    public static int run(String... args) {
        return new CommandLine(new WslProxyCommand())
                .setExecutionExceptionHandler(new FailurePrinter())
                .setParameterExceptionHandler(FailurePrinter::wrongUsage)
                .execute(args);
    }

    @Override
    public Integer call() throws Exception {
        Settings settings = ConfigFile.read(configFile());
        Logging.configure(settings.log(), verbose);
        try {
            runUntilStopped(settings, spec.commandLine().getOut());
        } finally {
            Logging.flush();
        }
        return ExitCode.OK;
    }

    private static void runUntilStopped(Settings settings, PrintWriter out) throws Exception {
        StopSignals.interruptThisThread();
        WslProxy proxy = new WslProxy(settings);
        try {
            proxy.start();
            StartTable.lines(proxy.snapshot(), proxy.statusUrl()).forEach(out::println);
            out.flush();
            new CountDownLatch(1).await();
        } catch (InterruptedException stopWasAsked) {
            long open = proxy.open();
            if (open > 0) {
                out.println("wslproxy: stopping; " + open + " open links and sessions get up to "
                        + DurationWords.of(GRACE) + " (again to end at once)");
                out.flush();
            }
            proxy.stop(GRACE);
        }
    }

    /** The configuration that was named, or else the place where this user's is. */
    Path configFile() {
        return config == null ? ConfigPlace.ofThisUser() : config;
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
