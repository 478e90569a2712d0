package io.github.wslproxy.app;

import io.github.wslproxy.config.WslSettings;
import io.github.wslproxy.wsl.ProbeReport;
import io.github.wslproxy.wsl.WslProbe;
import io.github.wslproxy.wsl.WslProbes;
import java.util.function.BooleanSupplier;

/** Which probe the settings ask for. */
public final class Discovery {
    private Discovery() {}

    /** Asks WSL now and blocks until it is known; for settings without a fixed address. */
    public static ProbeReport askOnce(WslSettings settings) {
        return probe(settings, () -> false, false).probe(WslProbe.Depth.FULL);
    }

    /** @param withSockets whether it tells who listens inside, too */
    static WslProbe probe(WslSettings settings, BooleanSupplier inUse, boolean withSockets) {
        return settings.command().isEmpty()
                ? WslProbes.windows(settings.distribution(), settings.timeout(), inUse, withSockets)
                : WslProbes.command(settings.command(), settings.timeout(), withSockets);
    }
}
