package io.github.wslproxy.cli;

import io.github.wslproxy.app.PrivateFiles;
import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.InstalledProgram;
import io.github.wslproxy.windows.task.Launch;
import io.github.wslproxy.windows.task.LogonTask;
import io.github.wslproxy.windows.task.RunKey;
import io.github.wslproxy.windows.task.TaskDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has Windows start wslproxy whenever this user logs on. */
@Command(
        name = "install",
        description = {
            "Makes the logon task of this user, which needs no administrator, and starts it.",
            "Copies nothing: the program and the configuration stay where they are."
        },
        footer = {"", "Example: wslproxy install", "         wslproxy install --config proxy.toml --dry-run"})
final class InstallCommand extends SubCommand {
    @Option(
            names = "--dry-run",
            description =
                    "Print the task as XML, on any system, and run nothing. What else there is to say goes to stderr.")
    private boolean dryRun;

    @Option(
            names = "--run-key",
            description = "Where there may be no task: start it from the Run key of this user's registry.")
    private boolean byRunKey;

    @Option(names = "--no-start", description = "Do not start it now; its task stays disabled until wslproxy start.")
    private boolean noStart;

    private final InstallContext context;

    InstallCommand() {
        this(InstallContext.onThisComputer());
    }

    InstallCommand(InstallContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Path config = configFile().toAbsolutePath().normalize();
        Settings settings = ConfigFile.read(configFile());
        if (dryRun) {
            return show(config);
        }
        if (!context.windows()) {
            err().println("wslproxy: only Windows has a logon task; --dry-run shows what it would be");
            return ExitCode.USAGE;
        }
        InstalledProgram program = context.program().call();
        Launch launch = context.launch(program, config);
        refusePaths(launch);
        Account account = context.account().get();
        if (account.isSystem()) {
            throw new IOException("not installed: "
                    + account.warnings().stream().map(Account.Warning::line).collect(Collectors.joining("; ")));
        }
        account.warnings().forEach(warning -> err().println("wslproxy: warning: " + warning.line()));
        if (account.elevated().orElse(false)) {
            err().println("wslproxy: warning: the task is that of " + account.user()
                    + ", and only a window that is elevated too can change or remove it");
        }
        out().flush();
        Optional<RunningInstance> running = RunningInstance.of(config, context.state());
        // The person is asked before the task exists, since its time trigger would not wait for the answer.
        boolean startNow =
                running.isEmpty() && !noStart && context.confirmStart().get();
        register(account, config, launch, startNow || running.isPresent());
        Path log = BackgroundConsole.log(settings.log(), context.state());
        sayWhereThingsAre(account, config, log, program);
        if (startNow) {
            start(config, log, launch);
        } else {
            sayWhyItIsNotStarted(running);
        }
        return ExitCode.OK;
    }

    private void refusePaths(Launch launch) throws IOException {
        if (context.windows()) {
            Optional<Path> optionFile = byRunKey ? Optional.of(context.state().logonOptions()) : Optional.empty();
            launch.demandLetters(context.letters(), optionFile);
        }
        Optional<String> path = byRunKey ? Optional.empty() : launch.pathWithVariable();
        if (path.isPresent()) {
            throw new IOException("not installed: the Task Scheduler may take a part of " + path.get()
                    + " for a variable (%NAME%, $(Arg0)) and start something else: move it to a folder without %"
                    + " and $(");
        }
    }

    /** @param enabled whether the task may start by itself from now on */
    private void register(Account account, Path config, Launch launch, boolean enabled)
            throws IOException, InterruptedException {
        PrivateFiles.folder(context.state().path());
        context.state().check();
        boolean hasTask = context.autostart().state().hasTask();
        stopFormer(config, hasTask);
        if (byRunKey) {
            context.autostart().runKey().set(launch, context.state().logonOptions(), context.letters());
            if (hasTask) {
                task().delete();
            }
            out().println("Windows starts wslproxy at each logon, from the Run key."
                    + (hasTask ? " The logon task that was there is removed." : ""));
        } else {
            registerTask(account, launch, enabled);
            out().println((enabled ? "Windows starts" : "After wslproxy start Windows starts")
                    + " wslproxy at each logon, and again within five minutes should it have ended, by"
                    + " the task \"" + task().name() + "\""
                    + (hasTask ? ", which replaces the one that was there." : "."));
            removeRunKey();
        }
        PrivateFiles.replace(context.state().installedConfig(), config.toString());
    }

    /**
     * Stops the instance of a configuration that was installed before. While it runs the Task Scheduler would not start
     * the new one, and stop and start would act on another configuration than the logon.
     */
    private void stopFormer(Path config, boolean hasTask) throws IOException, InterruptedException {
        Optional<Path> former =
                context.installedConfig().filter(installed -> !InstallContext.isSame(installed, config));
        if (former.isEmpty()) {
            return;
        }
        out().println("Installed until now was " + former.get() + ".");
        if (RunningInstance.of(former.get(), context.state()).isPresent()) {
            Optional<LogonTask> task = hasTask ? Optional.of(task()) : Optional.empty();
            out().println(new InstanceStop(former.get(), context.state()).carryOut(task));
        }
        RunningInstance.forget(former.get(), context.state());
    }

    private LogonTask task() {
        return context.autostart().task();
    }

    private void registerTask(Account account, Launch launch, boolean enabled) throws IOException {
        try {
            task().register(new TaskDefinition(account.id(), launch, enabled));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; wslproxy install --run-key does without the Task Scheduler", e);
        }
    }

    /** Else the Run key would start a second instance, which ends at once. */
    private void removeRunKey() throws IOException {
        if (context.autostart().runKey().isSet()) {
            context.autostart().runKey().delete();
            Files.deleteIfExists(context.state().logonOptions());
            out().println("The value wslproxy of the Run key is removed.");
        }
    }

    private void sayWhereThingsAre(Account account, Path config, Path log, InstalledProgram program) {
        TextTable places = new TextTable("  account", account.user());
        places.row("  configuration", config.toString());
        places.row("  log", log.toString());
        places.row("  program", program.folder());
        places.row("  Java", program.javaw());
        places.lines().forEach(out()::println);
        out().println("If one of them moves, also by an update of Java, run wslproxy install again.");
    }

    private void sayWhyItIsNotStarted(Optional<RunningInstance> running) {
        if (running.isPresent()) {
            out().println("wslproxy runs already, as pid " + running.get().pid()
                    + ": wslproxy stop and then wslproxy start replace it by what is installed now.");
        } else {
            out().println("It is not started now; wslproxy start does that"
                    + (byRunKey ? ", and the next logon." : ". Until then the task is disabled."));
        }
    }

    private void start(Path config, Path log, Launch launch) throws Exception {
        out().println("Starting it ...");
        out().flush();
        StartWatch watch = new StartWatch(config, context.state(), log);
        watch.report(out(), context.start(byRunKey, () -> launch));
    }

    // ---- --dry-run

    private int show(Path config) throws Exception {
        if (!context.windows()) {
            err().println("wslproxy: this is not Windows: the places of the program and of its Java, and the account,"
                    + " stand for those of a Windows computer");
        }
        InstalledProgram program =
                context.windows() ? context.program().call() : InstalledProgram.placeholder(System.getenv());
        Launch launch = context.launch(program, config);
        refusePaths(launch);
        if (byRunKey) {
            String folder = context.windows()
                    ? context.state().path().toString()
                    : InstalledProgram.localAppData(System.getenv()) + "\\wslproxy";
            String options = folder + "\\logon.options";
            out().println(options + " would be:");
            out().println();
            launch.optionFile().lines().forEach(out()::println);
            out().println();
            out().println("It would run:");
            out().println("  " + RunKey.setting(launch, options));
            return ExitCode.OK;
        }
        new TaskDefinition(context.account().get().id(), launch, !noStart)
                .xml(task().name())
                .lines()
                .forEach(out()::println);
        out().flush();
        err().println("It would write that to a file, in UTF-16, and run:");
        err().println("  " + task().registration("%TEMP%\\wslproxy-task.xml"));
        if (!noStart) {
            err().println("  " + task().runCommand());
        }
        return ExitCode.OK;
    }
}
