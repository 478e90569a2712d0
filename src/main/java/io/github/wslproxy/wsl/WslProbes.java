package io.github.wslproxy.wsl;

import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.os.Programs;
import io.github.wslproxy.os.UserFolders;
import io.github.wslproxy.target.WslSettings;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Makes the probe and the starter, over real processes and the adapters of this computer. */
public final class WslProbes {
    /**
     * A system property: {@code true} lets a VM be on loopback, as the pretend one of the demo and those of the
     * project's tests are. Everybody else who means such an address has {@code [wsl] address}.
     */
    public static final String VM_ON_LOOPBACK = "wslproxy.vmOnLoopback";

    /** Addresses of one VM are a few lines; whatever prints more is not what was meant. */
    private static final int MOST_OUTPUT = 4096;

    /** Each listener is a line of some 160 bytes, and a command of the user's may print all other sockets too. */
    private static final int MOST_WITH_SOCKETS = 1 << 20;

    private WslProbes() {}

    /** Asks WSL now and blocks until it is known; for settings without a fixed address. */
    public static ProbeReport askOnce(WslSettings settings) {
        return of(settings, Optional::empty, () -> false, false).probe(WslProbe.Depth.FULL);
    }

    /**
     * Makes the probe that the settings ask for: {@code [wsl] command}, without a shell, or the built-in one, which
     * never wakes a VM that its user has stopped, and at {@link WslProbe.Depth#ROUTINE} does not keep one awake either.
     *
     * @param inUse where the VM was until now
     * @param hasConnections whether connections to the VM are open, which keep it awake anyway
     * @param withSockets whether to look who listens, too, as often as that does not keep the VM awake
     */
    static WslProbe of(
            WslSettings settings,
            Supplier<Optional<InetAddress>> inUse,
            BooleanSupplier hasConnections,
            boolean withSockets) {
        return settings.command().isEmpty()
                ? windows(settings, inUse, hasConnections, withSockets)
                : new CommandProbe(
                        settings.command(),
                        settings.timeout(),
                        inUse,
                        withSockets,
                        new ProcessRunner(Optional.empty(), MOST_WITH_SOCKETS),
                        LocalNetwork::ofThisComputer,
                        Programs.ofThisComputer()::find);
    }

    private static WslProbe windows(
            WslSettings settings,
            Supplier<Optional<InetAddress>> inUse,
            BooleanSupplier hasConnections,
            boolean withSockets) {
        IdleTimeout idleTimeout = new IdleTimeout(home());
        return new WindowsProbe(
                settings.distribution(),
                settings.timeout(),
                inUse,
                hasConnections,
                withSockets ? Optional.of(new ScanSchedule(idleTimeout::current)) : Optional.empty(),
                wsl(withSockets ? MOST_WITH_SOCKETS : MOST_OUTPUT),
                NatIpRegistry.ofThisComputer(),
                LocalNetwork::ofThisComputer,
                System::nanoTime);
    }

    /** Makes the starter of the VM; empty where there is no wsl.exe. */
    static Optional<VmStarter> starter(WslSettings settings) {
        return OperatingSystem.isWindows()
                ? Optional.of(new VmStarter(settings.distribution(), wsl(MOST_OUTPUT), System::nanoTime))
                : Optional.empty();
    }

    /** @param mostOutput in bytes; a call that prints more is killed */
    static WslExe wsl(int mostOutput) {
        return new WslExe(Programs.ofThisComputer()::wsl, new ProcessRunner(home(), mostOutput));
    }

    /** wsl.exe translates its working directory for Linux and complains where it cannot, as on a network drive. */
    static Optional<Path> home() {
        return UserFolders.ofThisUser().home().filter(Files::isDirectory);
    }
}
