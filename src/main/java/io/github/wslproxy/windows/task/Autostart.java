package io.github.wslproxy.windows.task;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.windows.SystemTools;
import java.time.Duration;
import java.util.Optional;

/** Whether and how wslproxy starts when this user logs on. */
public final class Autostart {

    /** How wslproxy starts at logon. */
    public enum AutostartState {
        /** The logon task starts it. */
        TASK,
        /** The logon task is there but disabled, as {@code wslproxy stop} leaves it. */
        DISABLED_TASK,
        /** The value in the user's Run key starts it. */
        RUN_KEY,
        /** Nothing starts it. */
        NONE,
        /** The tools of Windows gave no answer. */
        NOT_KNOWN;

        /** Whether there certainly is a logon task. */
        public boolean hasTask() {
            return this == TASK || this == DISABLED_TASK;
        }
    }

    /** The Task Scheduler has been seen to take seconds right after logon; nobody waits longer than this. */
    static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final LogonTask task;
    private final RunKey runKey;
    private final boolean windows;

    Autostart(LogonTask task, RunKey runKey, boolean windows) {
        this.task = task;
        this.runKey = runKey;
        this.windows = windows;
    }

    public static Autostart ofThisUser() {
        SystemTools tools = SystemTools.ofThisComputer(TIMEOUT);
        return new Autostart(LogonTask.ofThisUser(tools), new RunKey(tools), OperatingSystem.isWindows());
    }

    /** Asks Windows, and blocks for seconds; {@link AutostartState#NONE} on other systems. */
    public AutostartState state() {
        if (!windows) {
            return AutostartState.NONE;
        }
        Optional<LogonTask.TaskState> known = task.state();
        if (known.isPresent() && known.get() != LogonTask.TaskState.ABSENT) {
            return known.get() == LogonTask.TaskState.ENABLED ? AutostartState.TASK : AutostartState.DISABLED_TASK;
        }
        if (runKey.isSet()) {
            return AutostartState.RUN_KEY;
        }
        return known.isPresent() ? AutostartState.NONE : AutostartState.NOT_KNOWN;
    }

    public LogonTask task() {
        return task;
    }

    public RunKey runKey() {
        return runKey;
    }
}
