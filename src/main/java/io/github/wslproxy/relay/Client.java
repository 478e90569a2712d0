package io.github.wslproxy.relay;

import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.forward.IpLiteral;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Who has come, as it was known then: whether an address is of this computer may change while the client stays.
 *
 * @param own whether it is a program of this computer
 * @param neighbour whether it is in an IPv6 network of one of this computer's adapters
 * @param net what its caps are counted by
 */
public record Client(InetAddress address, boolean own, boolean neighbour, ClientNet net) {
    private static final boolean LINUX = OperatingSystem.isLinux();
    private static final int NETWORK_BYTES = 8;

    /** Who has connected: a connection takes answers to arrive, so its address is no forgery. */
    public static Client of(InetAddress address, LocalAddresses localAddresses) {
        return of(address, localAddresses.contains(address), localAddresses);
    }

    /**
     * Who has sent a datagram, whose sender may be forged. An own address is taken for a program of this computer
     * only where the system lets no such datagram in from outside: loopback addresses never come from there (RFC 1122
     * §3.2.1.3, RFC 4291 §2.5.3), and Linux drops what comes in with an own IPv4 address. For other own addresses the
     * socket cannot tell, since NIO does not say by which adapter a datagram came; they count as what any neighbour
     * may send.
     *
     * @param listener the address that the datagram was sent to
     */
    public static Client ofDatagram(InetAddress sender, InetAddress listener, LocalAddresses localAddresses) {
        boolean certain =
                sender.isLoopbackAddress() || listener.isLoopbackAddress() || (LINUX && sender instanceof Inet4Address);
        return of(sender, certain && localAddresses.contains(sender), localAddresses);
    }

    /** The phones of a home share the /64 with this computer: on its own links addresses count one by one. */
    private static Client of(InetAddress address, boolean own, LocalAddresses localAddresses) {
        boolean neighbour = localAddresses.isOnLink(address);
        boolean alone = own || neighbour;
        return new Client(address, own, neighbour, alone ? ClientNet.ofAddress(address) : ClientNet.of(address));
    }

    /** For a refusal by a cap for each client: which addresses share it, where they are several; else empty. */
    String sharing() {
        if (own || neighbour || !(address instanceof Inet6Address) || !ClientNet.isGrouped(address)) {
            return "";
        }
        byte[] network = Arrays.copyOf(Arrays.copyOf(address.getAddress(), NETWORK_BYTES), 2 * NETWORK_BYTES);
        try {
            return " (" + IpLiteral.text(InetAddress.getByAddress(network)) + "/64 counts as one client)";
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }
}
