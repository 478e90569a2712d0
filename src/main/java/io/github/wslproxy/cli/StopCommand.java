package io.github.wslproxy.cli;

import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.windows.task.Autostart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Stops the running instance, and keeps the logon task from starting it again. */
@Command(
        name = "stop",
        description = {
            "Stops the wslproxy that runs, in the background or in another window.",
            "Its logon task would start it again within five minutes and is disabled, until wslproxy start."
        },
        footer = {"", "Example: wslproxy stop"})
final class StopCommand extends SubCommand {
    private final InstallContext context;

    StopCommand() {
        this(InstallContext.onThisComputer());
    }

    StopCommand(InstallContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Path config = context.config(this);
        boolean startsAtLogon = context.startsAtLogon(config);
        Autostart.AutostartState state = startsAtLogon ? context.autostart().state() : Autostart.AutostartState.NONE;
        // The task goes first: it could start wslproxy again at once.
        Optional<String> refusal = state == Autostart.AutostartState.TASK ? disable() : Optional.empty();
        InstanceStop stop = new InstanceStop(config, context.state());
        out().println(stop.carryOut(
                state == Autostart.AutostartState.TASK
                        ? Optional.of(context.autostart().task())
                        : Optional.empty()));
        if (refusal.isPresent()) {
            throw new IOException("the logon task starts it again within five minutes, since it could not be disabled: "
                    + refusal.get() + "; wslproxy uninstall removes it");
        }
        nextStart(state).ifPresent(out()::println);
        if (!isConfigNamed()) {
            RunningInstance.all(context.state()).stream()
                    .map(StopCommand::howToStop)
                    .forEach(out()::println);
        }
        return ExitCode.OK;
    }

    private static String howToStop(RunningInstance other) {
        String pid = "wslproxy (pid " + other.pid() + ") still runs";
        return other.config()
                .map(file -> pid + " with " + SafeText.escaped(file) + ". To stop it: "
                        + OwnCommand.naming(Path.of(file)).line("stop"))
                .orElse(pid + " with another configuration.");
    }

    private Optional<String> disable() {
        try {
            context.autostart().task().disable();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<String> nextStart(Autostart.AutostartState state) {
        return switch (state) {
            case TASK, DISABLED_TASK ->
                Optional.of("Its logon task is disabled: it does not start again, at the next logon neither,"
                        + " until wslproxy start.");
            case RUN_KEY -> Optional.of("It starts again at the next logon, or with wslproxy start.");
            case NOT_KNOWN ->
                Optional.of("Whether it has a logon task is not known; one would start it again within five minutes.");
            case NONE -> Optional.empty();
        };
    }
}
