package io.github.wslproxy.cli;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.UnixPrograms;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.ProcessRunner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many characters fit on the terminal that this process has. */
record TerminalSize(int rows, int columns) {
    /** Where it cannot be asked, as on Windows; the terminal cuts a line that is too long. */
    static final TerminalSize USUAL = new TerminalSize(24, 120);

    /** Of what is no terminal. */
    static final TerminalSize UNLIMITED = new TerminalSize(Integer.MAX_VALUE, Integer.MAX_VALUE);

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int MOST_OUTPUT = 1024;
    private static final Pattern ANSWER = Pattern.compile("([1-9]\\d{0,4}) ([1-9]\\d{0,4})\\s*");

    /** Asks, by the one tool of POSIX that knows; blocks for up to two seconds. */
    static TerminalSize ask() {
        return OperatingSystem.isWindows()
                ? USUAL
                : ask(new ProcessRunner(Optional.empty(), MOST_OUTPUT), UnixPrograms.ofThisComputer()::find);
    }

    /** @param place of a program, by its name */
    static TerminalSize ask(CommandRunner runner, Function<String, Optional<String>> place) {
        Optional<String> stty = place.apply("stty");
        // Named -F by GNU and BusyBox, and -f by the BSDs and macOS; a child has neither stdin nor stdout of the
        // terminal.
        return List.of("-F", "-f").stream()
                .flatMap(option -> stty
                        .map(program -> List.of(program, option, "/dev/tty", "size"))
                        .flatMap(command -> runner.run(command, TIMEOUT).answer())
                        .flatMap(TerminalSize::parse)
                        .stream())
                .findFirst()
                .orElse(USUAL);
    }

    /** A terminal that does not know its size has 0 0. */
    private static Optional<TerminalSize> parse(String answer) {
        Matcher size = ANSWER.matcher(answer);
        return size.matches()
                ? Optional.of(new TerminalSize(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2))))
                : Optional.empty();
    }
}
