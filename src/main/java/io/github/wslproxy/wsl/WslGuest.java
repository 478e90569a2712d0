package io.github.wslproxy.wsl;

import io.github.wslproxy.os.WindowsPrograms;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.os.ProcessRunner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Asks wsl.exe which distributions there are, and inside the VM who listens. Wakes no VM. */
public final class WslGuest {
    /** A VM with a thousand listeners prints a tenth of it. */
    private static final int MOST_OUTPUT = 1 << 20;

    private final Supplier<String> wsl;
    private final CommandRunner runner;

    /** @param wsl path of wsl.exe */
    WslGuest(Supplier<String> wsl, CommandRunner runner) {
        this.wsl = wsl;
        this.runner = runner;
    }

    public static WslGuest ofThisComputer() {
        return new WslGuest(WindowsPrograms.ofThisComputer()::wsl, new ProcessRunner(WslProbes.home(), MOST_OUTPUT));
    }

    /** Every distribution that is registered, running or not; empty if wsl.exe does not tell. Blocks. */
    public Optional<List<String>> distributions(Duration timeout) {
        return runner.run(List.of(wsl.get(), "-l", "-q"), timeout).answer().map(DistributionNames::in);
    }

    /**
     * Looks who listens, if a distribution runs. Blocks for twice {@code timeout} at most.
     *
     * @param distribution empty = whichever runs
     */
    public GuestScan look(Optional<String> distribution, Duration timeout) {
        CommandResult listed = runner.run(List.of(wsl.get(), "-l", "--running", "-q"), timeout);
        Optional<String> running = listed.answer();
        if (running.isEmpty()) {
            return new GuestScan.Unreadable(WslFailures.ofWslItself(listed).detail());
        }
        Optional<String> one = DistributionNames.pick(DistributionNames.in(running.get()), distribution);
        if (one.isEmpty()) {
            return new GuestScan.Asleep(distribution.orElse("the VM") + " is not running");
        }
        CommandResult looked =
                runner.run(List.of(wsl.get(), "-d", one.get(), "-e", "sh", "-c", GuestScript.text(true)), timeout);
        return looked.answer()
                .map(output -> read(one.get(), new GuestScript(output)))
                .orElseGet(() ->
                        new GuestScan.Unreadable(WslFailures.ofWslItself(looked).detail()));
    }

    private static GuestScan read(String distribution, GuestScript output) {
        return output.sockets()
                .<GuestScan>map(sockets -> new GuestScan.Seen(distribution, output.mode(), sockets))
                .orElseGet(() -> new GuestScan.Unreadable("/proc/net could not be read in " + distribution));
    }
}
