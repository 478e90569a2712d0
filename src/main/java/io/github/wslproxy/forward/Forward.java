package io.github.wslproxy.forward;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one {@code [[forward]]} asks for.
 *
 * @param name unique in the configuration
 * @param protocols one or both, in the order of {@link Protocol}
 * @param listens at least one entry; each has as many ports as the target
 * @param target a {@link Host.Wsl}, an address or a name, with its ports
 * @param proxyProtocol for its TCP connections; UDP has none
 */
public record Forward(
        String name,
        Set<Protocol> protocols,
        List<Endpoint> listens,
        Endpoint target,
        Access access,
        Timeouts timeouts,
        Limits limits,
        ProxyProtocol proxyProtocol) {

    public Forward {
        protocols = Set.copyOf(protocols);
        listens = List.copyOf(listens);
        for (Endpoint listen : listens) {
            if (listen.ports().size() != target.ports().size()) {
                throw new IllegalArgumentException("ports: " + listen + " to " + target + " (expected: as many)");
            }
        }
    }

    /** A forward from every address of this computer to the same ports of WSL. */
    public static Forward everywhere(
            String name,
            Set<Protocol> protocols,
            PortRange ports,
            Access access,
            Timeouts timeouts,
            Limits limits,
            ProxyProtocol proxyProtocol) {
        return new Forward(
                name,
                protocols,
                List.of(new Endpoint(new Host.Everywhere(), ports)),
                new Endpoint(new Host.Wsl(), ports),
                access,
                timeouts,
                limits,
                proxyProtocol);
    }

    /** Whether both ask for the same, wherever their lists stand: a line more above it changes no forward. */
    public boolean isLike(Forward other) {
        // Names are compared first: thousands of forwards are compared with each other, and a list may have a thousand
        // entries.
        return name.equals(other.name)
                && access.isLike(other.access)
                && with(other.access).equals(other);
    }

    private Forward with(Access other) {
        return new Forward(name, protocols, listens, target, other, timeouts, limits, proxyProtocol);
    }

    /** The word of proxy.toml: {@code tcp}, {@code udp} or {@code tcp+udp}. */
    public String protocolWord() {
        return EnumSet.copyOf(protocols).stream().map(Protocol::toString).collect(Collectors.joining("+"));
    }
}
