package io.github.wslproxy.config;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.Timeouts;
import java.util.List;
import java.util.Set;

/**
 * Which ports of WSL are forwarded when a server listens there, without a {@code [[forward]]} of their own.
 *
 * @param ports at least one entry; they may overlap
 * @param protocols one or both
 * @param denied never forwarded, though {@code ports} has them
 * @param access who may come in, on each of them
 */
public record AutoSettings(
        List<PortRange> ports,
        Set<Protocol> protocols,
        List<PortRange> denied,
        Access access,
        Timeouts timeouts,
        Limits limits) {

    public AutoSettings {
        ports = List.copyOf(ports);
        protocols = Set.copyOf(protocols);
        denied = List.copyOf(denied);
    }

    /** Whether a server there is to be forwarded. */
    public boolean wants(Protocol protocol, int port) {
        PortRange one = PortRange.of(port);
        return protocols.contains(protocol)
                && ports.stream().anyMatch(one::overlaps)
                && denied.stream().noneMatch(one::overlaps);
    }
}
