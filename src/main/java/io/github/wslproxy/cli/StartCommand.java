package io.github.wslproxy.cli;

import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.windows.task.Autostart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Starts what is installed, in the background. */
@Command(
        name = "start",
        description = "Starts in the background what wslproxy install has installed, and enables its logon task.",
        footer = {"", "Example: wslproxy start"})
final class StartCommand extends SubCommand {
    private final InstallContext context;

    StartCommand() {
        this(InstallContext.onThisComputer());
    }

    StartCommand(InstallContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Path config = context.config(this);
        if (!context.startsAtLogon(config)) {
            throw new ParameterException(
                    commandLine(),
                    "what is installed has another configuration than " + config + "; to change that: "
                            + ownCommand().line("install"));
        }
        Autostart.AutostartState state = context.autostart().state();
        if (state == Autostart.AutostartState.NONE) {
            throw new IOException(
                    "nothing is installed; to set it up: " + ownCommand().line("install")
                            + "; to run it in this window: " + ownCommand().line(""));
        }
        if (state == Autostart.AutostartState.DISABLED_TASK || state == Autostart.AutostartState.NOT_KNOWN) {
            context.autostart().task().enable();
            out().println("Its logon task is enabled.");
        }
        Optional<RunningInstance> running = RunningInstance.of(config, context.state());
        if (running.isPresent()) {
            out().println("wslproxy runs already, as pid " + running.get().pid() + ".");
            return ExitCode.OK;
        }
        Path log = BackgroundConsole.log(ConfigFile.read(config).log(), context.state());
        StartWatch watch = new StartWatch(config, context.state(), log);
        boolean byRunKey = state == Autostart.AutostartState.RUN_KEY;
        watch.report(
                out(),
                context.start(byRunKey, () -> context.launch(context.program().call(), config)));
        return ExitCode.OK;
    }
}
