package io.github.wslproxy.config;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.TotalLimits;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All of proxy.toml, with the defaults filled in.
 *
 * @param limits of the whole program
 * @param defaults for forwards that say nothing else
 * @param auto the ports that are forwarded by themselves; empty: none are
 * @param forwards in the order of the file, at least one unless {@code auto} is given; no two listen on one address, and
 *     none loops
 */
public record Settings(
        WslSettings wsl,
        TotalLimits limits,
        StatusSettings status,
        LogSettings log,
        Knobs defaults,
        Optional<AutoSettings> auto,
        List<Forward> forwards) {
    public Settings {
        forwards = List.copyOf(forwards);
    }

    /** The forwards, and what may come beside them: one for each range of {@code [auto]}. */
    public List<Forward> possible() {
        return Stream.concat(forwards.stream(), auto.stream().flatMap(appearing -> appearing.possible().stream()
                        .map(ports -> appearing.possible(ports, defaults.proxyProtocol()))))
                .toList();
    }

    /** The same with other forwards. */
    public Settings with(List<Forward> others) {
        return new Settings(wsl, limits, status, log, defaults, auto, others);
    }
}
