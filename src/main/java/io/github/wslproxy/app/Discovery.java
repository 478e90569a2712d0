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
        return probe(settings, () -> false).probe(WslProbe.Depth.FULL);
    }

    static WslProbe probe(WslSettings settings, BooleanSupplier inUse) {
        return settings.command().isEmpty()
                ? WslProbes.windows(settings.distribution(), settings.timeout(), inUse)
                : WslProbes.command(settings.command(), settings.timeout());
    }
}
