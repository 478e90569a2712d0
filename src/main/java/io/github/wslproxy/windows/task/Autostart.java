package io.github.wslproxy.windows.task;

import io.github.wslproxy.os.OperatingSystem;
import java.util.Optional;

/** Whether and how wslproxy starts when this user logs on. */
public final class Autostart {

    /** How it starts at logon. */
    public enum State {
        /** By the logon task. */
        TASK,
        /** The logon task is there but disabled, as {@code wslproxy stop} leaves it. */
        DISABLED_TASK,
        /** By the user's Run key. */
        RUN_KEY,
        /** Not at all. */
        NONE,
        /** The tools of Windows did not tell. */
        NOT_KNOWN
    }

    private final LogonTask task;
    private final RunKey runKey;
    private final boolean windows;

    Autostart(LogonTask task, RunKey runKey, boolean windows) {
        this.task = task;
        this.runKey = runKey;
        this.windows = windows;
    }

    public static Autostart ofThisUser() {
        WindowsTools tools = WindowsTools.ofThisComputer();
        return new Autostart(LogonTask.ofThisUser(tools), new RunKey(tools), OperatingSystem.isWindows());
    }

    /** Asks Windows, and blocks for seconds; {@link State#NONE} on other systems. */
    public State state() {
        if (!windows) {
            return State.NONE;
        }
        Optional<LogonTask.State> known = task.state();
        if (known.isPresent() && known.get() != LogonTask.State.ABSENT) {
            return known.get() == LogonTask.State.ENABLED ? State.TASK : State.DISABLED_TASK;
        }
        if (runKey.isSet()) {
            return State.RUN_KEY;
        }
        return known.isPresent() ? State.NONE : State.NOT_KNOWN;
    }

    public LogonTask task() {
        return task;
    }

    public RunKey runKey() {
        return runKey;
    }
}
