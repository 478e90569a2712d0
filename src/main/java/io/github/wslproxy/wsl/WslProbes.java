package io.github.wslproxy.wsl;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.UnixPrograms;
import io.github.wslproxy.os.UserFolders;
import io.github.wslproxy.os.WindowsPrograms;
import io.github.wslproxy.os.ProcessRunner;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes the probes, each over real processes and the adapters of this computer. */
public final class WslProbes {
    /**
     * A system property: {@code true} lets a VM be on loopback, as the pretend one of the demo and those of the
     * project's tests are. Everybody else who means such an address has {@code [wsl] address}.
     */
    public static final String VM_ON_LOOPBACK = "wslproxy.vmOnLoopback";

    /** Addresses of one VM are a few lines; whatever prints more is not what was meant. */
    private static final int MOST_OUTPUT = 4096;

    /** Listeners are a line of some 160 bytes each, and a command of the user's may print all other sockets too. */
    private static final int MOST_WITH_SOCKETS = 1 << 20;

    private WslProbes() {}

    /**
     * Runs {@code command}, without a shell and where wslproxy runs, and reads its stdout as addresses.
     *
     * @param command the program and its arguments; not empty
     * @param inUse where the VM was until now
     * @param withSockets whether it is to print who listens, too
     */
    public static WslProbe command(
            List<String> command, Duration timeout, Supplier<Optional<InetAddress>> inUse, boolean withSockets) {
        Function<String, Optional<String>> programs = OperatingSystem.isWindows()
                ? WindowsPrograms.ofThisComputer()::find
                : UnixPrograms.ofThisComputer()::find;
        return new CommandProbe(
                command,
                timeout,
                inUse,
                withSockets,
                new ProcessRunner(Optional.empty(), MOST_WITH_SOCKETS),
                LocalNetworks.fromSystem(),
                programs);
    }

    /**
     * Asks wsl.exe. Never wakes a VM that its user has stopped, and when asked at {@link WslProbe.Depth#ROUTINE} does
     * not keep one awake either.
     *
     * @param distribution empty = whichever runs
     * @param timeout for each of the two calls of a probe
     * @param inUse where the VM was until now
     * @param hasLinks whether links to the VM are open, which keep it awake anyway
     * @param withSockets whether to look who listens, too, as often as that does not keep the VM awake
     */
    public static WslProbe windows(
            Optional<String> distribution,
            Duration timeout,
            Supplier<Optional<InetAddress>> inUse,
            BooleanSupplier hasLinks,
            boolean withSockets) {
        IdleTimeout idleTimeout = new IdleTimeout(home());
        WslProbe asking = new WindowsProbe(
                distribution,
                timeout,
                inUse,
                hasLinks,
                withSockets ? Optional.of(new ScanSchedule(idleTimeout::current)) : Optional.empty(),
                WindowsPrograms.ofThisComputer()::wsl,
                new ProcessRunner(home(), mostOutput(withSockets)),
                LocalNetworks.fromSystem(),
                System::nanoTime);
        return new HintedProbe(asking, NatIpRegistry.ofThisComputer(), LocalNetworks.fromSystem());
    }

    /**
     * What can start the VM; empty where there is no wsl.exe.
     *
     * @param distribution empty = the default distribution
     * @param isStopped whether the VM is known to be stopped; only then is it started
     */
    public static Optional<VmStarter> waker(Optional<String> distribution, BooleanSupplier isStopped) {
        return OperatingSystem.isWindows()
                ? Optional.of(new VmStarter(
                        distribution,
                        WindowsPrograms.ofThisComputer()::wsl,
                        new ProcessRunner(home(), MOST_OUTPUT),
                        isStopped,
                        System::nanoTime))
                : Optional.empty();
    }

    private static int mostOutput(boolean withSockets) {
        return withSockets ? MOST_WITH_SOCKETS : MOST_OUTPUT;
    }

    /** wsl.exe translates its working directory for Linux and complains where it cannot, as on a network drive. */
    static Optional<Path> home() {
        return UserFolders.ofThisUser().home().filter(Files::isDirectory);
    }
}
