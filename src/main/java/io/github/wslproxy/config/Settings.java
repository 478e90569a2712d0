package io.github.wslproxy.config;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.target.WslSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.event.Level;

/**
 * All of proxy.toml, with the defaults filled in.
 *
 * @param limits limits of the whole program
 * @param defaults for forwards that say nothing else
 * @param auto the ports that are forwarded when a server listens there; empty: none
 * @param forwards in the order of the file, at least one unless {@code auto} is given or all are switched off; no two
 *     listen on one address, and none loops
 * @param switchedOff the names of those that are not in {@code forwards}, as they have {@code enabled = false}
 */
public record Settings(
        WslSettings wsl,
        LimitSettings limits,
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

    /** Settings of which no forward is switched off. */
    public Settings(
            WslSettings wsl,
            LimitSettings limits,
            StatusSettings status,
            LogSettings log,
            ForwardDefaults defaults,
            Optional<AutoSettings> auto,
            List<Forward> forwards) {
        this(wsl, limits, status, log, defaults, auto, forwards, List.of());
    }

    /** The forwards, and those that may come beside them: one for each range of {@code [auto]}. */
    public List<Forward> possible() {
        return Stream.concat(forwards.stream(), auto.stream().flatMap(appearing -> appearing.possible().stream()
                        .map(ports -> appearing.possible(ports, defaults.proxyProtocol()))))
                .toList();
    }

    /**
     * The settings without any file and without any forward. They exist on Windows only, as elsewhere WSL is not found.
     */
    public static Settings byDefault() {
        return ConfigFile.withoutFile();
    }

    /** These settings with other forwards. */
    public Settings with(List<Forward> others) {
        return new Settings(wsl, limits, status, log, defaults, auto, others, switchedOff);
    }

    /**
     * The status page.
     *
     * @param listen a loopback address with its port; empty: no page
     */
    public record StatusSettings(Optional<InetSocketAddress> listen) {}

    /**
     * What is logged, and where.
     *
     * @param file absolute; empty: the console
     */
    public record LogSettings(Level level, Optional<Path> file) {}

    /**
     * Which ports of WSL are forwarded when a server listens there, without a {@code [[forward]]} of their own.
     *
     * @param ports at least one entry; they may overlap
     * @param protocols one or both
     * @param denied never forwarded, though {@code ports} has them
     * @param access who may come in, on each of them
     * @param localhost also servers that listen on localhost of WSL alone, where {@code [wsl] localhost} reaches them
     */
    public record AutoSettings(
            List<PortRange> ports,
            Set<Protocol> protocols,
            List<PortRange> denied,
            Access access,
            Timeouts timeouts,
            Limits limits,
            boolean localhost) {

        public AutoSettings {
            ports = List.copyOf(ports);
            protocols = Set.copyOf(protocols);
            denied = List.copyOf(denied);
        }

        /** What is left of {@code ports} without {@code denied}, in the order of the file. */
        List<PortRange> possible() {
            List<PortRange> left = ports;
            for (PortRange hole : denied) {
                left = left.stream().flatMap(range -> without(range, hole)).toList();
            }
            return left;
        }

        private static Stream<PortRange> without(PortRange range, PortRange hole) {
            if (!range.overlaps(hole)) {
                return Stream.of(range);
            }
            Stream<PortRange> below = range.first() < hole.first()
                    ? Stream.of(new PortRange(range.first(), hole.first() - 1))
                    : Stream.empty();
            Stream<PortRange> above = hole.last() < range.last()
                    ? Stream.of(new PortRange(hole.last() + 1, range.last()))
                    : Stream.empty();
            return Stream.concat(below, above);
        }

        /** The forward that there would be if servers listened on all of {@code entry}. */
        Forward possible(PortRange entry, ProxyProtocol proxyProtocol) {
            return Forward.everywhere("auto-" + entry, protocols, entry, access, timeouts, limits, proxyProtocol);
        }

        /** Whether a server there is to be forwarded. */
        public boolean wants(Protocol protocol, int port) {
            PortRange one = PortRange.of(port);
            return protocols.contains(protocol)
                    && ports.stream().anyMatch(one::overlaps)
                    && denied.stream().noneMatch(one::overlaps);
        }
    }
}
