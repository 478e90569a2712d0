package io.github.wslproxy.cli;

import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.windows.task.InstalledProgram;
import io.github.wslproxy.windows.task.Launch;
import io.github.wslproxy.windows.task.LogonTask;
import io.github.wslproxy.windows.task.RunKey;
import io.github.wslproxy.windows.task.TaskDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has Windows start it whenever its user logs on. */
@Command(
        name = "install",
        description = {
            "Makes the logon task of this user, which needs no administrator, and starts it.",
            "Copies nothing: the program and the configuration stay where they are."
        },
        footer = {"", "Example: wslproxy install", "         wslproxy install --config proxy.toml --dry-run"})
final class InstallCommand extends SubCommand {
    @Option(names = "--dry-run", description = "Print the task and the commands, on any system, and run nothing.")
    private boolean dryRun;

    @Option(
            names = "--run-key",
            description = "Where there may be no task: start it from the Run key of this user's registry.")
    private boolean byRunKey;

    @Option(names = "--no-start", description = "Do not start it now.")
    private boolean noStart;

    private final ThisUser user;

    InstallCommand() {
        this(ThisUser.onThisComputer());
    }

    InstallCommand(ThisUser user) {
        this.user = user;
    }

    @Override
    public Integer call() throws Exception {
        Path config = configFile().toAbsolutePath().normalize();
        Settings settings = ConfigFile.read(configFile());
        if (dryRun) {
            return show(config);
        }
        if (!user.windows()) {
            err().println("wslproxy: only Windows has a logon task; --dry-run shows what it would be");
            return ExitCode.USAGE;
        }
        InstalledProgram program = user.program().call();
        Account account = user.account().get();
        if (account.isSystem()) {
            throw new IOException("not installed: " + String.join("; ", account.warnings()));
        }
        account.warnings().forEach(warning -> err().println("wslproxy: warning: " + warning));
        if (account.elevated().orElse(false)) {
            err().println("wslproxy: warning: the task is that of " + account.user()
                    + ", and only a window that is elevated too can change or remove it");
        }
        register(account, program.launch(config.toString()));
        Path log = BackgroundConsole.log(settings.log(), user.state());
        sayWhereThingsAre(account, config, log, program);
        start(config, log, program);
        return ExitCode.OK;
    }

    private void register(Account account, Launch launch) throws IOException {
        Files.createDirectories(user.state().path());
        Autostart.State before = user.autostart().state();
        boolean hasTask = before == Autostart.State.TASK || before == Autostart.State.DISABLED_TASK;
        if (byRunKey) {
            user.autostart().runKey().set(launch, user.state().logonOptions());
            if (hasTask) {
                user.autostart().task().delete();
            }
            out().println("Windows starts wslproxy at each logon, from the Run key."
                    + (hasTask ? " The logon task that was there is removed." : ""));
        } else {
            registerTask(account, launch);
            out().println(
                            "Windows starts wslproxy at each logon, and again within five minutes should it have ended, by"
                                    + " the task \"" + LogonTask.NAME + "\""
                                    + (hasTask ? ", which replaces the one that was there." : "."));
            removeRunKey();
        }
        Files.writeString(user.state().installedConfig(), launch.config());
    }

    private void registerTask(Account account, Launch launch) throws IOException {
        try {
            user.autostart()
                    .task()
                    .register(new TaskDefinition(
                            account.id(), launch, user.state().path().toString()));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; wslproxy install --run-key does without the Task Scheduler", e);
        }
    }

    /** It would start a second one, which then ends at once. */
    private void removeRunKey() throws IOException {
        if (user.autostart().runKey().isSet()) {
            user.autostart().runKey().delete();
            Files.deleteIfExists(user.state().logonOptions());
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

    private void start(Path config, Path log, InstalledProgram program) throws Exception {
        Optional<RunningInstance> running = RunningInstance.of(config, user.state());
        if (running.isPresent()) {
            out().println("wslproxy runs already, as pid " + running.get().pid()
                    + ": wslproxy stop and then wslproxy start replace it by what is installed now.");
            return;
        }
        out().flush();
        if (noStart || !user.start().get()) {
            out().println("It is not started now; wslproxy start does that.");
            return;
        }
        out().println("Starting it ...");
        out().flush();
        StartWatch watch = new StartWatch(config, user.state(), log);
        if (byRunKey) {
            user.autostart()
                    .runKey()
                    .start(
                            program.launch(config.toString()),
                            user.state().logonOptions(),
                            user.state().path());
        } else {
            user.autostart().task().run();
        }
        watch.report(out());
    }

    // ---- --dry-run

    private int show(Path config) throws Exception {
        if (!user.windows()) {
            err().println(
                            "wslproxy: this is not Windows: the places of the program and of its Java, and the account, stand"
                                    + " for those of a Windows computer");
        }
        InstalledProgram program =
                user.windows() ? user.program().call() : InstalledProgram.placeholder(System.getenv());
        Launch launch = program.launch(config.toString());
        String folder = user.windows()
                ? user.state().path().toString()
                : InstalledProgram.localAppData(System.getenv()) + "\\wslproxy";
        if (byRunKey) {
            String options = folder + "\\logon.options";
            out().println(options + " would be:");
            out().println();
            launch.optionFile().lines().forEach(out()::println);
            out().println();
            out().println("It would run:");
            out().println("  " + RunKey.setting(launch, options));
            return ExitCode.OK;
        }
        new TaskDefinition(user.account().get().id(), launch, folder)
                .xml()
                .lines()
                .forEach(out()::println);
        out().println();
        out().println("It would write that to a file, in UTF-16, and run:");
        out().println("  " + LogonTask.registration("%TEMP%\\wslproxy-task.xml"));
        if (!noStart) {
            out().println("  " + LogonTask.runCommand());
        }
        return ExitCode.OK;
    }
}
