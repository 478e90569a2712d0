package io.github.wslproxy.config;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.forward.Timeouts;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
        Stream<PortRange> above =
                hole.last() < range.last() ? Stream.of(new PortRange(hole.last() + 1, range.last())) : Stream.empty();
        return Stream.concat(below, above);
    }

    /** What there would be if servers listened on all of {@code entry}. */
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
