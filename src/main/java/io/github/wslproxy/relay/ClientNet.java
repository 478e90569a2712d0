package io.github.wslproxy.relay;

import io.github.wslproxy.forward.IpLiteral;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * What counts as one client wherever there is a cap for each. IPv4: the address. IPv6: its /64, of which one computer
 * may take as many addresses as it likes (RFC 8981, temporary addresses).
 *
 * @param network the upper half of an IPv6 address; 0 for IPv4
 * @param host the lower half, where a /64 would take in others; an IPv4 address in its mapped form
 */
record ClientNet(long network, long host) {
    private static final long MAPPED = 0xffff_0000_0000L;

    /** The address for itself. */
    static ClientNet ofAddress(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.capacity() == Integer.BYTES
                ? new ClientNet(0, MAPPED | Integer.toUnsignedLong(bytes.getInt()))
                : new ClientNet(bytes.getLong(), bytes.getLong());
    }

    /** The address together with those its computer may take as well. */
    static ClientNet of(InetAddress address) {
        ClientNet alone = ofAddress(address);
        return isGrouped(address) ? new ClientNet(alone.network, 0) : alone;
    }

    /** As people write it. */
    String text() {
        if (network == 0 && (host & ~0xffff_ffffL) == MAPPED) {
            return IpLiteral.text(address(
                    ByteBuffer.allocate(Integer.BYTES).putInt((int) host).array()));
        }
        String address = IpLiteral.text(address(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(network)
                .putLong(host)
                .array()));
        return host == 0 && network != 0 ? address + "/64" : address;
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalStateException(wrongLength);
        }
    }

    /**
     * Not link-local addresses: the whole link shares fe80::/64. Nor ::/64, where the mapped form of IPv4 lies, which
     * is IPv4.
     */
    static boolean isGrouped(InetAddress address) {
        return !address.isLinkLocalAddress() && ofAddress(address).network != 0;
    }
}
