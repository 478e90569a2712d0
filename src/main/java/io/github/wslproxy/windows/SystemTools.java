package io.github.wslproxy.windows;

import io.github.wslproxy.process.CommandResult;
import io.github.wslproxy.process.CommandRunner;
import io.github.wslproxy.process.ProcessRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the tools that come with Windows. An answer that did not come, for whatever reason, is empty. */
final class SystemTools {
    /** tasklist takes a second or two where a security product looks on. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A busy server has some ten thousand sockets, a line of 80 characters each. */
    private static final int MOST_OUTPUT = 4 << 20;

    private final CommandRunner runner;
    private final String folder;

    /** @param systemRoot the folder of Windows: {@code C:\Windows} */
    SystemTools(CommandRunner runner, String systemRoot) {
        this.runner = runner;
        this.folder = systemRoot + "\\System32\\";
    }

    static SystemTools ofThisComputer() {
        String systemRoot = Optional.ofNullable(System.getenv("SystemRoot")).orElse("C:\\Windows");
        return new SystemTools(new ProcessRunner(Optional.empty(), MOST_OUTPUT), systemRoot);
    }

    /**
     * What the tool printed if it ended with status 0. Blocks for up to five seconds.
     *
     * @param tool its name; it is run from System32, as a bare name could be a program lying in the working directory
     */
    Optional<String> ask(String tool, String... arguments) {
        List<String> command = new ArrayList<>(List.of(folder + tool + ".exe"));
        command.addAll(List.of(arguments));
        CommandResult result = runner.run(command, TIMEOUT);
        return result instanceof CommandResult.Ended ended && ended.exit() == 0
                ? Optional.of(ended.output())
                : Optional.empty();
    }
}
