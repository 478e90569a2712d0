package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.LocalNetwork;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Knows the addresses that no VM has, whoever says so. Programs in the VM answer the probe themselves: with a loopback
 * address, or one of this computer, they would lead the LAN to servers of this computer; with one of the Internet, to
 * whomever they like.
 */
final class NonVmAddresses {
    /** WSL puts this address on the guest's loopback adapter for DNS tunnelling (GnsEngine.cpp). */
    private static final InetAddress DNS_TUNNEL = IpLiteral.of("10.255.255.254");

    private static final InetAddress BROADCAST = IpLiteral.of("255.255.255.255");

    private final List<LocalNetwork> networks;
    private final boolean mayBeOnLoopback = Boolean.getBoolean(WslProbes.VM_ON_LOOPBACK);

    /** @param networks those of this computer */
    NonVmAddresses(List<LocalNetwork> networks) {
        this.networks = networks;
    }

    /** Why {@code address} cannot be the VM's, as the end of a sentence; empty if it can. */
    Optional<String> why(InetAddress address) {
        if (mayBeOnLoopback && address.isLoopbackAddress()) {
            return Optional.empty();
        }
        return whyNobody(address).or(() -> whyOurs(address)).or(() -> whyElsewhere(address));
    }

    /** Why no computer can be reached at {@code address}. */
    Optional<String> whyNobody(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Optional.of("is a loopback address");
        }
        if (!isOfOneComputer(address)) {
            return Optional.of("is no address of one computer");
        }
        if (address.equals(DNS_TUNNEL)) {
            return Optional.of("is where WSL answers DNS inside the VM");
        }
        return networks.stream()
                .filter(network -> network.isBroadcast(address))
                .findFirst()
                .map(network -> "is the broadcast address of " + network);
    }

    /** Why {@code address} is this computer. */
    Optional<String> whyOurs(InetAddress address) {
        return networks.stream()
                .filter(network -> network.address().equals(address))
                .findFirst()
                .map(network -> "is an address of this computer (" + network.adapter() + ")");
    }

    /** Why {@code address} is somebody outside. */
    Optional<String> whyElsewhere(InetAddress address) {
        boolean near = Access.PRIVATE.stream().anyMatch(block -> block.contains(address))
                || networks.stream().anyMatch(network -> network.contains(address));
        return near ? Optional.empty() : Optional.of("is a public address in no network of this computer");
    }

    /** A connect to {@code 0.0.0.0} would lead back to this computer. */
    static boolean isOfOneComputer(InetAddress address) {
        return !address.isAnyLocalAddress() && !address.isMulticastAddress() && !address.equals(BROADCAST);
    }

    /** {@code hostname -i} prints what /etc/hosts says of the name: 127.0.1.1 on Debian and Ubuntu, and 127.0.0.1. */
    static boolean isOfHosts(InetAddress address) {
        return address.isLoopbackAddress() && address instanceof Inet4Address;
    }
}
