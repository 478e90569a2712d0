package io.github.wslproxy.wsl;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks wsl.exe which distributions there are, and inside the VM who listens. Wakes no VM. */
public final class WslGuest {
    /** A VM with a thousand listeners prints a tenth of it. */
    private static final int MOST_OUTPUT = 1 << 20;

    private final WslExe wsl;

    WslGuest(WslExe wsl) {
        this.wsl = wsl;
    }

    public static WslGuest ofThisComputer() {
        return new WslGuest(WslProbes.wsl(MOST_OUTPUT));
    }

    /** Every distribution that is registered, running or not; empty if wsl.exe does not tell. Blocks. */
    public Optional<List<String>> distributions(Duration timeout) {
        return wsl.listAll(timeout).answer().map(WslExe::names);
    }

    /**
     * Looks who listens, if a distribution runs. Blocks for twice {@code timeout} at most.
     *
     * @param distribution empty = whichever runs
     */
    public GuestScan look(Optional<String> distribution, Duration timeout) {
        WslExe.Call list = wsl.listRunning(timeout);
        if (list.answer().isEmpty()) {
            return unreadable(list);
        }
        Optional<String> one = WslExe.pick(WslExe.names(list.answer().get()), distribution);
        if (one.isEmpty()) {
            return new GuestScan.Asleep(distribution.orElse("the VM") + " is not running");
        }
        WslExe.Call look = wsl.lookInto(one.get(), true, timeout);
        return look.answer()
                .map(output -> read(one.get(), new GuestScript(output)))
                .orElseGet(() -> unreadable(look));
    }

    private static GuestScan unreadable(WslExe.Call call) {
        return new GuestScan.Unreadable(ProbeFailure.ofWsl(call.result()).detail());
    }

    private static GuestScan read(String distribution, GuestScript output) {
        return output.sockets()
                .<GuestScan>map(sockets -> new GuestScan.Seen(distribution, output.mode(), sockets))
                .orElseGet(() -> new GuestScan.Unreadable("/proc/net could not be read in " + distribution));
    }
}
