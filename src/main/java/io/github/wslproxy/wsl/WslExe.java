package io.github.wslproxy.wsl;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.SafeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Runs wsl.exe, and reads what it prints: which distributions there are, and inside the VM who listens. */
public final class WslExe {
    /** The name of a distribution is the value of a registry key, which cannot be longer. */
    private static final int LONGEST_NAME = 255;

    /** A VM with a thousand listeners prints a tenth of it. */
    private static final int MOST_OUTPUT = 1 << 20;

    private final Supplier<String> path;
    private final CommandRunner runner;

    /** @param path of wsl.exe */
    WslExe(Supplier<String> path, CommandRunner runner) {
        this.path = path;
        this.runner = runner;
    }

    public static WslExe ofThisComputer() {
        return WslProbes.wsl(MOST_OUTPUT);
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

    /** A look inside a distribution. */
    record Look(String distribution, Call call) {
        /** What the distribution told; empty if the call failed. */
        Optional<GuestScript> seen() {
            return call.answer().map(GuestScript::new);
        }

        /** Whether the distribution has no VM, so that another may still tell where the VM is. */
        boolean isOfWsl1() {
            return seen().filter(told -> told.mode().equals("wsl1")).isPresent();
        }
    }

    /** Every distribution that is registered, running or not; empty if wsl.exe does not tell. Blocks. */
    public Optional<List<String>> distributions(Duration timeout) {
        return run(timeout, "-l", "-q").answer().map(WslExe::names);
    }

    /**
     * Looks who listens, if a distribution runs. Blocks for twice {@code timeout} at most, and once more for each
     * distribution of WSL 1 that is passed over.
     *
     * @param distribution empty = whichever runs
     */
    public GuestScan look(Optional<String> distribution, Duration timeout) {
        WslExe.Call list = listRunning(timeout);
        if (list.answer().isEmpty()) {
            return unreadable(list);
        }
        List<String> those = WslExe.candidates(WslExe.names(list.answer().get()), distribution);
        if (those.isEmpty()) {
            return new GuestScan.Asleep(distribution.orElse("the VM") + " is not running");
        }
        List<Look> looks = lookInto(those, true, timeout);
        Look last = looks.get(looks.size() - 1);
        return last.seen().map(seen -> read(last.distribution(), seen)).orElseGet(() -> unreadable(last.call()));
    }

    private static GuestScan unreadable(WslExe.Call call) {
        return new GuestScan.Unreadable(ProbeFailure.ofWsl(call.result()).detail());
    }

    private static GuestScan read(String distribution, GuestScript output) {
        return output.sockets()
                .<GuestScan>map(sockets -> new GuestScan.Seen(distribution, output.mode(), sockets))
                .orElseGet(() -> new GuestScan.Unreadable("/proc/net could not be read in " + distribution));
    }

    /** Lists the distributions that run, which wakes none. */
    Call listRunning(Duration timeout) {
        return run(timeout, "-l", "--running", "-q");
    }

    /**
     * Runs {@link GuestScript} in one distribution after the other, until one is not of WSL 1. The last look decides.
     *
     * @param distributions those that run, at least one: another one would be started
     */
    List<Look> lookInto(List<String> distributions, boolean withSockets, Duration timeout) {
        List<Look> looks = new ArrayList<>();
        for (String name : distributions) {
            Look look = new Look(name, run(timeout, "-d", name, "-e", "sh", "-c", GuestScript.text(withSockets)));
            looks.add(look);
            if (!look.isOfWsl1()) {
                break;
            }
        }
        return looks;
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

    /**
     * WSL itself takes letters, digits, dot, dash and underscore only (LxssUserSession.cpp). A name becomes an argument
     * and is shown, so it must be neither an option there nor a command to a terminal.
     */
    private static boolean isName(String line) {
        return !line.isEmpty()
                && line.length() <= LONGEST_NAME
                && !line.startsWith("-")
                && line.codePoints().noneMatch(c -> c == '"' || SafeText.isUnprintable(c));
    }

    /**
     * Those of the distributions that run which may be asked where the VM is, the likeliest first. The ones that
     * Docker, Rancher and Podman keep for themselves count only where they are named: they run without a pause, and the
     * servers that people start are elsewhere.
     *
     * @param wanted empty = whichever runs
     */
    static List<String> candidates(List<String> running, Optional<String> wanted) {
        if (wanted.isPresent()) {
            return running.stream()
                    .filter(wanted.get()::equalsIgnoreCase)
                    .limit(1)
                    .toList();
        }
        return running.stream()
                .filter(name -> !name.matches("(?i)(docker|rancher)-desktop.*|podman-machine-.*"))
                .toList();
    }
}
