package io.github.wslproxy.app;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.os.AdapterKind;
import io.github.wslproxy.os.DefaultRoute;
import io.github.wslproxy.os.LocalNetwork;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The addresses at which the LAN may know this computer. The system is asked every few seconds at most. */
public final class LanAddresses {
    private static final long FRESH = Duration.ofSeconds(5).toNanos();

    private final Supplier<List<AddressBlock>> system;
    private final LongSupplier nanoTime;
    private volatile @Nullable Known last;

    private record Known(List<AddressBlock> addresses, long nanoTime) {}

    LanAddresses() {
        this(LanAddresses::all, System::nanoTime);
    }

    /** @param system asks it, at some expense */
    LanAddresses(Supplier<List<AddressBlock>> system, LongSupplier nanoTime) {
        this.system = system;
        this.nanoTime = nanoTime;
    }

    /** Does what {@link #all} does, but asks the system only if its last answer is old: a page may ask each second. */
    List<AddressBlock> addresses() {
        Known known = last;
        long now = nanoTime.getAsLong();
        if (known == null || now - known.nanoTime() >= FRESH) {
            known = new Known(system.get(), now);
            last = known;
        }
        return known.addresses();
    }

    /** The likeliest IPv4 address of {@link #all}; empty on a lone computer. */
    public static Optional<InetAddress> find() {
        return all().stream()
                .map(AddressBlock::network)
                .filter(Inet4Address.class::isInstance)
                .findFirst();
    }

    /**
     * Asks the system for every address at which the LAN may know this computer, each with its network, the likeliest
     * first.
     */
    public static List<AddressBlock> all() {
        return of(LocalNetwork.ofThisComputer(), DefaultRoute.address());
    }

    /**
     * Orders addresses: those of VPNs last, as with a VPN for all traffic the default route is its; private IPv4 first;
     * physical adapters before virtual ones; then the default route.
     *
     * @param route the address that the default route leaves from
     */
    static List<AddressBlock> of(List<LocalNetwork> networks, Optional<InetAddress> route) {
        Set<String> leavingFrom = networks.stream()
                .filter(own -> route.filter(own.address()::equals).isPresent())
                .map(LocalNetwork::device)
                .collect(Collectors.toSet());
        return networks.stream()
                .filter(own -> own.kind() != AdapterKind.VIRTUAL || leavingFrom.contains(own.device()))
                .filter(own -> !isLocal(own.address()))
                .sorted(Comparator.comparing((LocalNetwork own) -> own.kind() == AdapterKind.VPN)
                        .thenComparing(own -> family(own.address()))
                        .thenComparing(LocalNetwork::kind)
                        .thenComparing(own -> !route.equals(Optional.of(own.address()))))
                .map(LocalNetwork::block)
                .toList();
    }

    /** Lower is likelier to be typed. */
    private static int family(InetAddress address) {
        if (address instanceof Inet6Address) {
            return 2;
        }
        return address.isSiteLocalAddress() ? 0 : 1;
    }

    /** Includes what an adapter gives itself that found no network (RFC 3927, RFC 4291): no other device types that. */
    private static boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress();
    }
}
