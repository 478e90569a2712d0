package io.github.wslproxy.app;

import io.github.wslproxy.config.WslSettings;
import io.github.wslproxy.wsl.ProbeReport;
import io.github.wslproxy.wsl.WslProbe;
import io.github.wslproxy.wsl.WslProbes;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Which probe the settings ask for. */
public final class Discovery {
    private Discovery() {}

    /** As {@link #askOnce(WslSettings, Optional)} where nobody uses an address. */
    public static ProbeReport askOnce(WslSettings settings) {
        return askOnce(settings, Optional.empty());
    }

    /**
     * Asks WSL now and blocks until it is known; for settings without a fixed address.
     *
     * @param inUse the address that a running wslproxy sends to: of several good ones it stays the one
     */
    public static ProbeReport askOnce(WslSettings settings, Optional<InetAddress> inUse) {
        return probe(settings, () -> inUse, () -> false, false).probe(WslProbe.Depth.FULL);
    }

    /**
     * @param inUse where the VM was until now
     * @param hasLinks whether links to the VM are open
     * @param withSockets whether it tells who listens inside, too
     */
    static WslProbe probe(
            WslSettings settings,
            Supplier<Optional<InetAddress>> inUse,
            BooleanSupplier hasLinks,
            boolean withSockets) {
        return settings.command().isEmpty()
                ? WslProbes.windows(settings.distribution(), settings.timeout(), inUse, hasLinks, withSockets)
                : WslProbes.command(settings.command(), settings.timeout(), inUse, withSockets);
    }
}
