package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.PortMapping;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Turns a wildcard into one socket for each address that this computer has now. A reply of a wildcard socket would
 * leave from whichever address the routing table prefers, and NIO cannot choose another (it has no IP_PKTINFO); the
 * client drops what comes from an address it never spoke to. Windows gives a socket of one address the broadcasts of
 * that address's network too (dotnet/runtime#83525); Linux does not.
 */
final class EachAddress implements Function<PortMapping, Stream<PortMapping>> {
    private static final Comparator<InetAddress> V4_FIRST = Comparator.<InetAddress, Integer>comparing(
                    address -> address.getAddress().length)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    private final LocalAddresses localAddresses;

    EachAddress(LocalAddresses localAddresses) {
        this.localAddresses = localAddresses;
    }

    @Override
    public Stream<PortMapping> apply(PortMapping mapping) {
        if (mapping.host() instanceof Host.Everywhere) {
            return each(mapping, every -> true);
        }
        if (mapping.host() instanceof Host.Address address && address.value().isAnyLocalAddress()) {
            // Java's socket on [::] is dual-stack with TCP; so is this.
            return each(
                    mapping, address.value() instanceof Inet6Address ? every -> true : Inet4Address.class::isInstance);
        }
        return Stream.of(mapping);
    }

    private Stream<PortMapping> each(PortMapping mapping, Predicate<InetAddress> wanted) {
        return localAddresses.current().stream()
                .filter(wanted)
                .sorted(V4_FIRST)
                .map(address -> new PortMapping(new Host.Address(address), mapping.listenPort(), mapping.targetPort()));
    }
}
