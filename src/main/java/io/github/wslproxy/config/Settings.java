package io.github.wslproxy.config;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.TotalLimits;
import java.util.List;

/**
 * All of proxy.toml, with the defaults filled in.
 *
 * @param limits of the whole program
 * @param defaults for forwards that say nothing else
 * @param forwards at least one, in the order of the file; no two listen on one address, and none loops
 */
public record Settings(
        WslSettings wsl,
        TotalLimits limits,
        StatusSettings status,
        LogSettings log,
        Knobs defaults,
        List<Forward> forwards) {
    public Settings {
        forwards = List.copyOf(forwards);
    }

    /** The same with other forwards. */
    public Settings with(List<Forward> others) {
        return new Settings(wsl, limits, status, log, defaults, others);
    }
}
