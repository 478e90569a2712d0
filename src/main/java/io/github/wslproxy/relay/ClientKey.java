package io.github.wslproxy.relay;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.OperatingSystem;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Who has come, as it was known then: whether an address is of this computer may change while the client stays. Two
 * are equal if they count as one client wherever there is a limit for each. IPv4: the address. IPv6: its /64, of which
 * one computer may take as many addresses as it likes (RFC 8981, temporary addresses). The phones of a home share the
 * /64 with this computer, so on its own links addresses count one by one.
 */
public final class ClientKey {
    private static final boolean LINUX = OperatingSystem.isLinux();

    /** An IPv4 address in its mapped form, without the address. */
    private static final long MAPPED = 0xffff_0000_0000L;

    private final InetAddress address;
    private final boolean own;
    private final boolean neighbour;
    private final boolean isNetwork;

    /** The upper half of an IPv6 address; 0 for IPv4. */
    private final long upper;

    /** The lower half, or 0 if the whole /64 is one client. */
    private final long lower;

    private ClientKey(InetAddress address, boolean own, boolean neighbour) {
        this.address = address;
        this.own = own;
        this.neighbour = neighbour;
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        boolean v4 = bytes.capacity() == Integer.BYTES;
        upper = v4 ? 0 : bytes.getLong();
        // The whole link shares fe80::/64, and the mapped form of IPv4 lies in ::/64.
        isNetwork = !own && !neighbour && !address.isLinkLocalAddress() && upper != 0;
        long rest = v4 ? MAPPED | Integer.toUnsignedLong(bytes.getInt()) : bytes.getLong();
        lower = isNetwork ? 0 : rest;
    }

    /** Who has connected: a connection takes answers to arrive, so its address is no forgery. */
    public static ClientKey of(InetAddress address, LocalAddresses localAddresses) {
        return new ClientKey(address, localAddresses.contains(address), localAddresses.isOnLink(address));
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
    public static ClientKey ofDatagram(InetAddress sender, InetAddress listener, LocalAddresses localAddresses) {
        boolean certain =
                sender.isLoopbackAddress() || listener.isLoopbackAddress() || (LINUX && sender instanceof Inet4Address);
        return new ClientKey(sender, certain && localAddresses.contains(sender), localAddresses.isOnLink(sender));
    }

    public InetAddress address() {
        return address;
    }

    /** Whether it is a program of this computer. */
    public boolean own() {
        return own;
    }

    /** Whether it is in an IPv6 network of one of this computer's adapters. */
    boolean neighbour() {
        return neighbour;
    }

    /** Tells, for a refusal by a limit for each client, which addresses share it; empty if it is one. */
    String sharing() {
        return isNetwork ? " (" + this + " counts as one client)" : "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientKey key && upper == key.upper && lower == key.lower;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(upper * 31 + lower);
    }

    /** The address, or the network that counts as one client, as people write it. */
    @Override
    public String toString() {
        if (!isNetwork) {
            return IpLiteral.text(address);
        }
        byte[] network = ByteBuffer.allocate(2 * Long.BYTES).putLong(upper).array();
        try {
            return IpLiteral.text(InetAddress.getByAddress(network)) + "/64";
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }
}
