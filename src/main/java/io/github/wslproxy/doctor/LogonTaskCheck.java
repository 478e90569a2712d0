package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.windows.task.Autostart;

/** Whether the proxy starts at logon. */
final class LogonTaskCheck implements Check.OfOneLink {
    private final boolean windows;
    private final Task<Autostart.AutostartState> autostart;
    private final OwnCommand commands;

    LogonTaskCheck(boolean windows, Task<Autostart.AutostartState> autostart, OwnCommand commands) {
        this.windows = windows;
        this.autostart = autostart;
        this.commands = commands;
    }

    @Override
    public Finding finding() {
        return windows ? judge() : Finding.skipped(ChainLink.LOGON_TASK, "matters on Windows only");
    }

    private Autostart.AutostartState state() {
        return autostart.answer().orElse(Autostart.AutostartState.NOT_KNOWN);
    }

    private Finding judge() {
        return switch (state()) {
            case TASK -> Finding.info(ChainLink.LOGON_TASK, "wslproxy starts at logon, by its task");
            case DISABLED_TASK ->
                Finding.info(
                        ChainLink.LOGON_TASK, "the logon task is disabled, as wslproxy stop leaves it: wslproxy start");
            case RUN_KEY -> Finding.info(ChainLink.LOGON_TASK, "wslproxy starts at logon, by the Run key");
            case NONE ->
                Finding.info(ChainLink.LOGON_TASK, "wslproxy does not start at logon: " + commands.line("install"));
            case NOT_KNOWN -> Finding.notKnown(ChainLink.LOGON_TASK, "the Task Scheduler did not tell");
        };
    }

    /**
     * The command that starts the proxy.
     *
     * @param installed whether it is this configuration that starts at logon
     */
    String start(boolean installed) {
        boolean logon = state() != Autostart.AutostartState.NONE && state() != Autostart.AutostartState.NOT_KNOWN;
        return windows && logon && installed ? "wslproxy start" : commands.line("");
    }
}
