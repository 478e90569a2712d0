package io.github.wslproxy.windows;

import io.github.wslproxy.os.Programs;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.ProcessRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Asks the tools that come with Windows. An answer that did not come, for whatever reason, is empty. */
final class SystemTools {
    /** tasklist takes a second or two where a security product looks on. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A busy server has some ten thousand sockets, a line of 80 characters each. */
    private static final int MOST_OUTPUT = 4 << 20;

    private final CommandRunner runner;
    private final UnaryOperator<String> place;

    /** @param place of a tool that comes with Windows, by its name */
    SystemTools(CommandRunner runner, UnaryOperator<String> place) {
        this.runner = runner;
        this.place = place;
    }

    static SystemTools ofThisComputer() {
        return new SystemTools(new ProcessRunner(Optional.empty(), MOST_OUTPUT), Programs.ofThisComputer()::system);
    }

    /**
     * What the tool printed if it ended with status 0. Blocks for up to five seconds.
     *
     * @param tool its name, without {@code .exe}
     */
    Optional<String> ask(String tool, String... arguments) {
        List<String> command = new ArrayList<>(List.of(place.apply(tool)));
        command.addAll(List.of(arguments));
        return runner.run(command, TIMEOUT).answer();
    }
}
