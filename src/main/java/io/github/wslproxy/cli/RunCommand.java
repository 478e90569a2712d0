package io.github.wslproxy.cli;

import io.github.wslproxy.app.AdminToken;
import io.github.wslproxy.app.ConfigWatcher;
import io.github.wslproxy.app.InstanceLock;
import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.StartException;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.app.Version;
import io.github.wslproxy.app.WslProxy;
import io.github.wslproxy.config.Settings.LogSettings;
import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.windows.task.Account;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Runs the proxy until Ctrl-C, {@code wslproxy stop} or a failure ends it. */
final class RunCommand {
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    /** How long open connections and sessions may go on to end by themselves. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final String STOPPED = "wslproxy has stopped";

    private final Path config;
    private final OwnCommand commands;
    private final boolean verbose;
    private final PrintWriter out;
    private final UncaughtFailures failures;
    private final StateDirectory state = StateDirectory.ofThisUser();

    /** @param commands are printed to be copied, wherever the log and the page are read */
    RunCommand(Path config, OwnCommand commands, CommandLine line, boolean verbose) {
        this.config = config;
        this.commands = commands;
        this.verbose = verbose;
        this.out = line.getOut();
        this.failures = UncaughtFailures.install(line.getErr(), verbose);
    }

    /**
     * Returns the exit status when it has ended.
     *
     * @param background takes what would be printed, where there is no console
     */
    int run(Optional<BackgroundConsole> background) throws Exception {
        try {
            return background.isPresent() ? inBackground(background.get()) : inForeground();
        } catch (Error fatal) {
            Fault.escalate(fatal);
            return ExitCode.FAILED;
        }
    }

    private int inForeground() throws Exception {
        ConfigWatcher watcher = new ConfigWatcher(config);
        try (InstanceLock lock = InstanceLock.take(config, state)) {
            LogSettings settings = watcher.settings().log();
            Logging.configure(settings, verbose);
            runLogged(watcher, lock, settings.file());
        }
        return failures.exitCode();
    }

    /** Closes the log before the next instance may open it. */
    private void runLogged(ConfigWatcher watcher, InstanceLock lock, Optional<Path> file) throws Exception {
        try {
            file.ifPresent(unused -> logStart());
            runUntilStopped(watcher, lock, file);
            file.ifPresent(unused -> log.info(STOPPED));
        } finally {
            Logging.flush();
        }
    }

    /**
     * Succeeds at once where an instance runs already, whatever has become of the configuration: the logon task starts
     * it every five minutes. The log belongs to that instance then.
     */
    private int inBackground(BackgroundConsole console) throws Exception {
        try (InstanceLock lock = InstanceLock.take(config, state)) {
            runInBackground(console, lock);
            failures.line().ifPresent(lock::fail);
        } catch (StartException.AlreadyRunning asItShould) {
            return ExitCode.OK;
        }
        return failures.exitCode();
    }

    private void runInBackground(BackgroundConsole console, InstanceLock lock) throws Exception {
        try {
            ConfigWatcher watcher = new ConfigWatcher(config);
            console.open(watcher.settings().log(), verbose);
            logStart();
            runUntilStopped(watcher, lock, Optional.empty());
            log.info(STOPPED);
        } catch (Exception | Error failure) {
            lock.fail(FailurePrinter.line(failure));
            throw failure;
        }
    }

    private void logStart() {
        log.info(
                "wslproxy {} starts (pid {}) with {}",
                Version.current(),
                ProcessHandle.current().pid(),
                config.toAbsolutePath().normalize());
    }

    /** @param file the log, if that is not the console */
    private void runUntilStopped(ConfigWatcher watcher, InstanceLock lock, Optional<Path> file) throws Exception {
        WslProxy proxy = new WslProxy(watcher.settings(), config, commands, this::token);
        String reason = "";
        ProcessExit.interruptOnSignal(() -> {
            proxy.cutOff();
            lock.close();
        });
        failures.interruptThisThread();
        warnOfAccountSoon();
        try (watcher) {
            proxy.start();
            watcher.follow(proxy.forwards(), verbose);
            List<String> table = startTable(proxy);
            table.forEach(out::println);
            file.ifPresent(path -> out.println("log: " + path));
            out.flush();
            lock.announce(proxy.started(table));
            proxy.onStatusMoved(() -> lock.tell(proxy.started(startTable(proxy))));
            lock.awaitStopRequest();
            reason = " (wslproxy stop)";
        } catch (InterruptedException signalOrFailure) {
            // Whoever sent the signal knows why it stops.
        }
        stop(proxy, reason, file.isPresent());
    }

    private static List<String> startTable(WslProxy proxy) {
        return StatusView.started(proxy.snapshot(), proxy.statusUrl());
    }

    /** Forwarding does not need a token that others know. */
    private String token() {
        try {
            return AdminToken.renew(config, state);
        } catch (IOException e) {
            log.warn("{}; the page, share and pause cannot change anything", e.getMessage());
            return AdminToken.random();
        }
    }

    /** Returns at once: Windows takes seconds to answer where a security product looks on. */
    private static void warnOfAccountSoon() {
        Runnable warn = () -> Account.ofThisProcess().warnings().forEach(warning -> log.warn(warning.line()));
        Thread asking = new Thread(
                () -> Fault.contain(
                        warn,
                        failure -> log.warn("whether this account may run it cannot be told: {}", Fault.line(failure))),
                "wslproxy-account");
        asking.setDaemon(true);
        asking.start();
    }

    private void stop(WslProxy proxy, String reason, boolean logs) {
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
        ProcessExit.awaitEndAtOnce();
    }

    private static String grace(long open) {
        if (open == 0) {
            return "";
        }
        String what = open == 1 ? "1 open connection or session has" : open + " open connections and sessions have";
        return "; " + what + " up to " + Durations.format(GRACE) + " to finish (Ctrl-C again ends it now)";
    }
}
