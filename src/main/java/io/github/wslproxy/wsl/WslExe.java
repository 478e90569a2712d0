package io.github.wslproxy.wsl;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.TerminalText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs wsl.exe, and reads the lists of distributions that it prints. */
final class WslExe {
    /** The name of a distribution is the value of a registry key, which cannot be longer. */
    private static final int LONGEST_NAME = 255;

    private final Supplier<String> path;
    private final CommandRunner runner;

    /** @param path of wsl.exe */
    WslExe(Supplier<String> path, CommandRunner runner) {
        this.path = path;
        this.runner = runner;
    }

    /** What was run, and what came of it. */
    record Call(List<String> command, CommandResult result) {
        /** What was printed, if the call ended well. */
        Optional<String> answer() {
            return result.answer();
        }

        ProbeReport.Step step(String conclusion) {
            return ProbeReport.Step.ran(command, result, conclusion);
        }
    }

    /** Lists the distributions that run, which wakes none. */
    Call listRunning(Duration timeout) {
        return run(timeout, "-l", "--running", "-q");
    }

    /** Lists every distribution that is registered, which wakes none. */
    Call listAll(Duration timeout) {
        return run(timeout, "-l", "-q");
    }

    /** Runs {@link GuestScript} in a distribution, which starts it if it does not run. */
    Call lookInto(String distribution, boolean withSockets, Duration timeout) {
        return run(timeout, "-d", distribution, "-e", "sh", "-c", GuestScript.text(withSockets));
    }

    Call run(Duration timeout, String... arguments) {
        List<String> command = command(arguments);
        return new Call(command, runner.run(command, timeout));
    }

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(path.get()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The names in a list of distributions, one a line, the default first (WslClient.cpp, ListDistributionsHelper). */
    static List<String> names(String list) {
        return list.lines().map(String::strip).filter(WslExe::isName).toList();
    }

    /** A name becomes an argument and is shown, so it must be neither an option there nor a command to a terminal. */
    private static boolean isName(String line) {
        return !line.isEmpty()
                && line.length() <= LONGEST_NAME
                && !line.startsWith("-")
                && line.codePoints().noneMatch(c -> c == '"' || TerminalText.isUnprintable(c));
    }

    /**
     * Picks the distribution to ask out of those that run, so that none is woken. The ones that Docker, Rancher and
     * Podman keep for themselves count only where they are named: they run without a pause, and the servers that people
     * start are elsewhere.
     *
     * @param wanted empty = whichever runs
     */
    static Optional<String> pick(List<String> running, Optional<String> wanted) {
        if (wanted.isPresent()) {
            return running.stream().filter(wanted.get()::equalsIgnoreCase).findFirst();
        }
        return running.stream()
                .filter(name -> !name.matches("(?i)(docker|rancher)-desktop.*|podman-machine-.*"))
                .findFirst();
    }
}
