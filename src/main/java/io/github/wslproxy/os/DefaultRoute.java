package io.github.wslproxy.os;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The way to everywhere that no other route leads to. */
public final class DefaultRoute {
    /**
     * An address of TEST-NET-1 (RFC 5737), which nobody has. Connecting a UDP socket sends nothing; it only asks the
     * routing table.
     */
    private static final byte[] OUTSIDE = {(byte) 192, 0, 2, 1};

    private static final int ANY_PORT = 9;

    private DefaultRoute() {}

    /** The IPv4 address of this computer that the default route leaves from; empty if there is none. */
    public static Optional<InetAddress> address() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(OUTSIDE), ANY_PORT));
            return Optional.of(socket.getLocalAddress()).filter(DefaultRoute::isUsable);
        } catch (IOException | RuntimeException noRoute) {
            return Optional.empty();
        }
    }

    private static boolean isUsable(InetAddress address) {
        return address instanceof Inet4Address && !address.isLoopbackAddress() && !address.isAnyLocalAddress();
    }
}
