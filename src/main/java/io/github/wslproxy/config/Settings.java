package io.github.wslproxy.config;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.TotalLimits;
import io.github.wslproxy.target.WslSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All of proxy.toml, with the defaults filled in.
 *
 * @param limits of the whole program
 * @param defaults for forwards that say nothing else
 * @param auto the ports that are forwarded by themselves; empty: none are
 * @param forwards in the order of the file, at least one unless {@code auto} is given or all are switched off; no two
 *     listen on one address, and none loops
 * @param switchedOff the names of those that are not in {@code forwards}, as they have {@code enabled = false}
 */
public record Settings(
        WslSettings wsl,
        TotalLimits limits,
        StatusSettings status,
        LogSettings log,
        ForwardDefaults defaults,
        Optional<AutoSettings> auto,
        List<Forward> forwards,
        List<String> switchedOff) {
    public Settings {
        forwards = List.copyOf(forwards);
        switchedOff = List.copyOf(switchedOff);
    }

    /** Without any that are switched off. */
    public Settings(
            WslSettings wsl,
            TotalLimits limits,
            StatusSettings status,
            LogSettings log,
            ForwardDefaults defaults,
            Optional<AutoSettings> auto,
            List<Forward> forwards) {
        this(wsl, limits, status, log, defaults, auto, forwards, List.of());
    }

    /** The forwards, and what may come beside them: one for each range of {@code [auto]}. */
    public List<Forward> possible() {
        return Stream.concat(forwards.stream(), auto.stream().flatMap(appearing -> appearing.possible().stream()
                        .map(ports -> appearing.possible(ports, defaults.proxyProtocol()))))
                .toList();
    }

    /** What holds where no file says anything, without any forward. On Windows only, as elsewhere WSL is not found. */
    public static Settings byDefault() {
        return ConfigFile.withoutFile();
    }

    /** The same with other forwards. */
    public Settings with(List<Forward> others) {
        return new Settings(wsl, limits, status, log, defaults, auto, others, switchedOff);
    }
}
