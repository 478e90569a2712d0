package io.github.wslproxy.cli;

import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.status.StatusClient;
import io.github.wslproxy.windows.powershell.EveryShell;
import io.github.wslproxy.windows.task.LogonTask;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Stops a running instance: asks it, then has the Task Scheduler end it, then kills it. */
final class InstanceStop {
    /** An instance gives its connections five seconds, and two more to its own threads. */
    private static final Duration ASKED = Duration.ofSeconds(10);

    private static final Duration ENDED = Duration.ofSeconds(3);

    private final Path config;
    private final StateDirectory state;
    private final Duration asked;

    InstanceStop(Path config, StateDirectory state) {
        this(config, state, ASKED);
    }

    InstanceStop(Path config, StateDirectory state, Duration asked) {
        this.config = config;
        this.state = state;
        this.asked = asked;
    }

    /** Returns a sentence that says how it stopped, or that none ran. */
    String carryOut(Optional<LogonTask> task) throws IOException, InterruptedException {
        Optional<RunningInstance> instance = find();
        if (instance.isEmpty()) {
            refuseIfOneAnswers();
            return "No wslproxy is running with " + config + ".";
        }
        long pid = instance.get().pid();
        if (RunningInstance.stop(config, state, asked)) {
            return "wslproxy (pid " + pid + ") has stopped.";
        }
        if (task.isPresent() && endsBy(task.get()) && RunningInstance.awaitEnd(config, state, ENDED)) {
            return "wslproxy (pid " + pid + ") did not stop by itself and was ended by the Task Scheduler.";
        }
        return kill(pid);
    }

    /** An instance that could not make its file, as on a full disk, is known by its status address alone. */
    private void refuseIfOneAnswers() throws IOException {
        if (!(statusAnswer() instanceof StatusAnswer.Running running)
                || !running.snapshot()
                        .config()
                        .equals(config.toAbsolutePath().normalize().toString())) {
            return;
        }
        long pid = running.snapshot().pid();
        throw new IOException("wslproxy (pid " + pid + ") runs with " + config
                + ", but has no file by which it could be asked to stop (its log says why). To stop it: Ctrl-C in its"
                + " window, or " + killing(pid, "kill"));
    }

    private StatusAnswer statusAnswer() {
        try {
            return ConfigFile.read(config)
                    .status()
                    .listen()
                    .map(address -> new StatusClient(address).ask())
                    .orElseGet(StatusAnswer.Nobody::new);
        } catch (ConfigException notValid) {
            return new StatusAnswer.Nobody();
        }
    }

    /** @param elsewhere the command of other systems than Windows */
    private static String killing(long pid, String elsewhere) {
        return OperatingSystem.isWindows() ? EveryShell.endProcess(pid) : elsewhere + " " + pid;
    }

    private Optional<RunningInstance> find() throws IOException {
        try {
            return RunningInstance.find(config, state);
        } catch (IOException e) {
            throw new IOException(
                    "it is not known whether wslproxy runs with " + config + ": " + e.getMessage()
                            + ". To stop one that runs: Ctrl-C in its window, or end its process",
                    e);
        }
    }

    /** Asks for the pid once more: the process may have ended meanwhile, and its pid may be that of any other. */
    private String kill(long asked) throws IOException, InterruptedException {
        Optional<Long> pid = RunningInstance.of(config, state).map(RunningInstance::pid);
        pid.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
        if (!RunningInstance.awaitEnd(config, state, ENDED)) {
            long left = pid.orElse(asked);
            throw new IOException("wslproxy (pid " + left + ") does not end; try: " + killing(left, "kill -9"));
        }
        return pid.map(killed -> "wslproxy (pid " + killed + ") did not stop by itself and was killed.")
                .orElse("wslproxy (pid " + asked + ") has stopped.");
    }

    private static boolean endsBy(LogonTask task) {
        try {
            task.end();
            return true;
        } catch (IOException notOfTheTask) {
            return false;
        }
    }
}
