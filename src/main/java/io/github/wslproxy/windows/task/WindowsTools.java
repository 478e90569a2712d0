package io.github.wslproxy.windows.task;

import io.github.wslproxy.os.Programs;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.ProcessRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Runs schtasks, reg, whoami and tasklist. */
final class WindowsTools {
    /** The Task Scheduler has been seen to take seconds right after logon; nobody waits longer than this. */
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private static final int MOST_OUTPUT = 1 << 20;

    private final CommandRunner runner;
    private final UnaryOperator<String> place;

    /** @param place of a tool that comes with Windows, by its name without {@code .exe} */
    WindowsTools(CommandRunner runner, UnaryOperator<String> place) {
        this.runner = runner;
        this.place = place;
    }

    static WindowsTools ofThisComputer() {
        return new WindowsTools(new ProcessRunner(Optional.empty(), MOST_OUTPUT), Programs.ofThisComputer()::system);
    }

    CommandResult run(ToolCommand command) {
        return runner.run(command.words(place), TIMEOUT);
    }

    /** What it printed if it ended with status 0. */
    Optional<String> ask(ToolCommand command) {
        return run(command).answer();
    }

    /** @throws IOException if it did not end with status 0; the message has the command and what came back */
    void demand(ToolCommand command) throws IOException {
        CommandResult result = run(command);
        if (result.answer().isEmpty()) {
            throw new IOException(command + " was refused: " + result.summary());
        }
    }
}
