package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One listen port and the target port behind it.
 *
 * @param host where to listen; {@link Host.Wsl} is this computer's side of the network it shares with the VM
 */
public record PortMapping(Host host, int listenPort, int targetPort) {

    /** Every port of every listen entry, in the order of the configuration. */
    public static List<PortMapping> of(Forward forward) {
        Map<Integer, List<PortMapping>> byPort = new LinkedHashMap<>();
        for (Endpoint listen : forward.listens()) {
            for (int i = 0; i < listen.ports().size(); i++) {
                int port = listen.ports().first() + i;
                PortMapping mapping = new PortMapping(
                        listen.host(), port, forward.target().ports().first() + i);
                byPort.computeIfAbsent(port, unused -> new ArrayList<>()).add(mapping);
            }
        }
        List<PortMapping> mappings = new ArrayList<>();
        byPort.values().forEach(samePort -> mappings.addAll(joinWildcards(samePort)));
        return List.copyOf(mappings);
    }

    /** How proxy.toml writes it; an IPv6 address is in brackets. */
    public String where() {
        return host + ":" + listenPort;
    }

    /**
     * Java cannot set IPV6_V6ONLY, so {@code [::]} is dual-stack and would collide with {@code 0.0.0.0}: the two
     * together are one dual-stack socket.
     */
    private static List<PortMapping> joinWildcards(List<PortMapping> samePort) {
        boolean both = samePort.stream().anyMatch(PortMapping::isV4Wildcard)
                && samePort.stream().anyMatch(PortMapping::isV6Wildcard);
        if (!both) {
            return samePort;
        }
        List<PortMapping> joined = new ArrayList<>();
        for (PortMapping mapping : samePort) {
            if (mapping.isV4Wildcard()) {
                joined.add(new PortMapping(new Host.Everywhere(), mapping.listenPort, mapping.targetPort));
            } else if (!mapping.isV6Wildcard()) {
                joined.add(mapping);
            }
        }
        return joined;
    }

    private boolean isV4Wildcard() {
        return host instanceof Host.Address address
                && address.value() instanceof Inet4Address v4
                && v4.isAnyLocalAddress();
    }

    private boolean isV6Wildcard() {
        return host instanceof Host.Address address
                && address.value() instanceof Inet6Address v6
                && v6.isAnyLocalAddress();
    }
}
