package io.github.wslproxy.windows;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.os.Programs;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Runs the tools that come with Windows, and waits for each for a limited time. */
public final class SystemTools {
    /** A busy server has some ten thousand sockets, for each of which netstat prints 80 characters. */
    private static final int MOST_OUTPUT = 4 << 20;

    private final CommandRunner runner;
    private final UnaryOperator<String> place;
    private final Duration timeout;

    /**
     * @param place of a tool that comes with Windows, by its name without {@code .exe}
     * @param timeout how long one tool may take
     */
    public SystemTools(CommandRunner runner, UnaryOperator<String> place, Duration timeout) {
        this.runner = runner;
        this.place = place;
        this.timeout = timeout;
    }

    public static SystemTools ofThisComputer(Duration timeout) {
        return new SystemTools(
                new ProcessRunner(Optional.empty(), MOST_OUTPUT), Programs.ofThisComputer()::system, timeout);
    }

    public CommandResult run(ToolCommand command) {
        return runner.run(command.words(place), timeout);
    }

    /** What the tool printed if it ended with status 0. */
    public Optional<String> ask(ToolCommand command) {
        return run(command).answer();
    }

    /** What the tool printed if it ended with status 0. */
    public Optional<String> ask(String tool, String... arguments) {
        return ask(ToolCommand.of(tool, arguments));
    }

    /**
     * Runs a tool that has to succeed.
     *
     * @throws IOException if it did not end with status 0; the message has the command and what came back
     */
    public void demand(ToolCommand command) throws IOException {
        CommandResult result = run(command);
        if (result.answer().isEmpty()) {
            throw new IOException(command + " was refused: " + result.summary());
        }
    }
}
