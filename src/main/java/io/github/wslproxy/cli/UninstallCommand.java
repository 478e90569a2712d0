package io.github.wslproxy.cli;

import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.windows.task.LogonTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;

/** Undoes what install has done. */
@Command(
        name = "uninstall",
        description = {
            "Stops it, and removes the logon task and the Run key's value.",
            "Leaves the configuration, the log and the program."
        },
        footer = {"", "Example: wslproxy uninstall"})
final class UninstallCommand extends SubCommand {
    private final InstallContext context;

    UninstallCommand() {
        this(InstallContext.onThisComputer());
    }

    UninstallCommand(InstallContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Autostart autostart = context.autostart();
        Autostart.AutostartState state = autostart.state();
        Optional<Path> installed = context.installedConfig();
        if (state == Autostart.AutostartState.NONE && installed.isEmpty()) {
            out().println("Nothing is installed.");
            return ExitCode.OK;
        }
        Path config = installed.orElseGet(() -> context.config(this));
        removeTask(state, installed.isPresent());
        if (context.windows() && autostart.runKey().isSet()) {
            autostart.runKey().delete();
            out().println("The value wslproxy of the Run key is removed.");
        }
        out().println(new InstanceStop(config, context.state()).carryOut(Optional.empty()));
        Files.deleteIfExists(context.state().installedConfig());
        Files.deleteIfExists(context.state().logonOptions());
        RunningInstance.forget(config, context.state());
        sayWhatIsLeft(config);
        return ExitCode.OK;
    }

    /**
     * Removes the task before the instance is stopped, so that it starts no other.
     *
     * @throws IOException if the task still exists, or may, and would go on to start wslproxy
     */
    private void removeTask(Autostart.AutostartState state, boolean installed) throws IOException {
        if (!context.windows()) {
            return;
        }
        LogonTask task = context.autostart().task();
        try {
            task.delete();
            out().println("The logon task " + task.name() + " is removed.");
        } catch (IOException e) {
            boolean isThere = state.hasTask();
            if (!isThere && task.isUnlisted()) {
                return;
            }
            String refusal = (isThere
                            ? "the logon task could not be removed: "
                            : "it is not known whether there is a logon task: ")
                    + e.getMessage();
            if (isThere || (installed && state == Autostart.AutostartState.NOT_KNOWN)) {
                throw new IOException(
                        refusal + "; it would start wslproxy again within five minutes, so nothing is removed", e);
            }
            err().println("wslproxy: warning: " + refusal);
        }
    }

    private void sayWhatIsLeft(Path config) throws IOException {
        out().println("Left as they are:");
        TextTable left = new TextTable("  configuration", config.toString());
        left.row("  log", log(config).toString());
        program().ifPresent(folder -> left.row("  program", folder));
        left.lines().forEach(out()::println);
    }

    private Path log(Path config) {
        try {
            return BackgroundConsole.log(ConfigFile.read(config).log(), context.state());
        } catch (ConfigException unreadable) {
            return context.state().log();
        }
    }

    private Optional<String> program() {
        try {
            return Optional.of(context.program().call().folder());
        } catch (Exception notUnpacked) {
            return Optional.empty();
        }
    }
}
