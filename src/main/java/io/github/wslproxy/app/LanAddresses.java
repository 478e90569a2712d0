package io.github.wslproxy.app;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.os.NetworkAdapters;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The addresses at which the LAN may know this computer. The system is asked every few seconds at most. */
public final class LanAddresses {
    private static final long FRESH = Duration.ofSeconds(5).toNanos();

    /**
     * An address of TEST-NET-1 (RFC 5737), which nobody has. Connecting a UDP socket sends nothing; it only asks the
     * routing table.
     */
    private static final byte[] OUTSIDE = {(byte) 192, 0, 2, 1};

    private static final int ANY_PORT = 9;

    /** Adapters that lead to virtual machines and containers, as Windows and Linux call them. */
    private static final Pattern VIRTUAL = Pattern.compile(
            "vEthernet|Hyper-V|WSL|VirtualBox|VMware|docker|\\bbr-|\\bveth|virbr", Pattern.CASE_INSENSITIVE);

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

    /** The address that the default route leaves from, else any private IPv4 address; empty on a lone computer. */
    public static Optional<InetAddress> find() {
        return ofDefaultRoute().or(LanAddresses::ofAnyAdapter);
    }

    /**
     * Asks the system for every address at which the LAN may know this computer, each with the prefix of its network:
     * private IPv4 addresses first, and among equals that of the default route.
     */
    public static List<AddressBlock> all() {
        Optional<InetAddress> route = ofDefaultRoute();
        return own(adapter -> isPhysical(adapter)
                        || route.filter(adapter.inetAddresses().toList()::contains)
                                .isPresent())
                .filter(own -> !isLocal(own.network()))
                .sorted(Comparator.comparingInt((AddressBlock own) -> rank(own.network()))
                        .thenComparing(own -> !route.equals(Optional.of(own.network()))))
                .toList();
    }

    private static int rank(InetAddress address) {
        if (address instanceof Inet6Address) {
            return 2;
        }
        return address.isSiteLocalAddress() ? 0 : 1;
    }

    /** Includes what an adapter gives itself that found no network (RFC 3927, RFC 4291): no other device types that. */
    private static boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress();
    }

    private static Stream<AddressBlock> own(Predicate<NetworkInterface> wanted) {
        try (Stream<NetworkInterface> adapters = NetworkAdapters.all()) {
            return adapters
                    .filter(wanted)
                    .filter(LanAddresses::isUp)
                    .flatMap(adapter -> adapter.getInterfaceAddresses().stream())
                    .map(LanAddresses::withNetwork)
                    .toList()
                    .stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** The network is the address alone if the system tells no prefix that can be right. */
    private static AddressBlock withNetwork(InterfaceAddress own) {
        int bits = own.getAddress().getAddress().length * Byte.SIZE;
        int prefix = own.getNetworkPrefixLength();
        return new AddressBlock(own.getAddress(), prefix > 0 && prefix <= bits ? prefix : bits);
    }

    private static boolean isUp(NetworkInterface adapter) {
        try {
            return NetworkAdapters.isUp(adapter);
        } catch (SocketException gone) {
            return false;
        }
    }

    private static boolean isPhysical(NetworkInterface adapter) {
        return !VIRTUAL.matcher(adapter.getName() + " " + adapter.getDisplayName())
                .find();
    }

    private static Optional<InetAddress> ofDefaultRoute() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(OUTSIDE), ANY_PORT));
            return Optional.of(socket.getLocalAddress()).filter(LanAddresses::isUsable);
        } catch (IOException | RuntimeException noRoute) {
            return Optional.empty();
        }
    }

    private static Optional<InetAddress> ofAnyAdapter() {
        return own(LanAddresses::isPhysical)
                .map(AddressBlock::network)
                .filter(LanAddresses::isUsable)
                .filter(InetAddress::isSiteLocalAddress)
                .findFirst();
    }

    private static boolean isUsable(InetAddress address) {
        return address instanceof Inet4Address && !address.isLoopbackAddress() && !address.isAnyLocalAddress();
    }
}
