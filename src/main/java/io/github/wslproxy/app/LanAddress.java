package io.github.wslproxy.app;

import io.github.wslproxy.computer.NetworkAdapters;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The address at which the LAN most likely knows this computer. */
public final class LanAddress {
    /** TEST-NET-1 (RFC 5737), which nobody has. Connecting a UDP socket sends nothing; it only asks the routing table. */
    private static final byte[] OUTSIDE = {(byte) 192, 0, 2, 1};

    private static final int ANY_PORT = 9;

    /** Adapters that lead to virtual machines and containers, as Windows and Linux call them. */
    private static final Pattern VIRTUAL = Pattern.compile(
            "vEthernet|Hyper-V|WSL|VirtualBox|VMware|docker|\\bbr-|\\bveth|virbr", Pattern.CASE_INSENSITIVE);

    private LanAddress() {}

    /** The address that the default route leaves from, else any private IPv4 address; empty on a lone computer. */
    public static Optional<InetAddress> find() {
        return ofDefaultRoute().or(LanAddress::ofAnyAdapter);
    }

    /**
     * Every address at which the LAN may know it: that of the default route first, then the others of adapters that lead to
     * no virtual machine, IPv6 last. Asks the system.
     */
    public static List<InetAddress> all() {
        Set<InetAddress> found = new LinkedHashSet<>();
        ofDefaultRoute().ifPresent(found::add);
        List<InetAddress> physical = ofPhysicalAdapters();
        physical.stream().filter(LanAddress::isUsable).forEach(found::add);
        physical.stream()
                .filter(address -> address instanceof Inet6Address && !isLocal(address))
                .forEach(found::add);
        return List.copyOf(found);
    }

    private static boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress();
    }

    private static List<InetAddress> ofPhysicalAdapters() {
        try (Stream<NetworkInterface> adapters = NetworkAdapters.all()) {
            return adapters.filter(LanAddress::isPhysical)
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean isPhysical(NetworkInterface adapter) {
        return !VIRTUAL.matcher(adapter.getName() + " " + adapter.getDisplayName())
                .find();
    }

    private static Optional<InetAddress> ofDefaultRoute() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(OUTSIDE), ANY_PORT));
            return Optional.of(socket.getLocalAddress()).filter(LanAddress::isUsable);
        } catch (IOException | RuntimeException noRoute) {
            return Optional.empty();
        }
    }

    private static Optional<InetAddress> ofAnyAdapter() {
        return ofPhysicalAdapters().stream()
                .filter(LanAddress::isUsable)
                .filter(InetAddress::isSiteLocalAddress)
                .findFirst();
    }

    private static boolean isUsable(InetAddress address) {
        return address instanceof Inet4Address && !address.isLoopbackAddress() && !address.isAnyLocalAddress();
    }
}
