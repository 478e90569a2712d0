package io.github.wslproxy.relay;

import io.github.wslproxy.forward.IpLiteral;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Who has come, as it was known then: whether an address is of this computer may change while the client stays.
 *
 * @param own whether it is a program of this computer
 * @param net what its caps are counted by
 */
public record Client(InetAddress address, boolean own, ClientNet net) {
    private static final int NETWORK_BYTES = 8;

    /** This computer's own addresses count one by one: the phones of a home share the /64 with it. */
    public static Client of(InetAddress address, LocalAddresses localAddresses) {
        boolean own = localAddresses.contains(address);
        return new Client(address, own, own ? ClientNet.ofAddress(address) : ClientNet.of(address));
    }

    /** For a refusal by a cap for each client: which addresses share it, where they are several; else empty. */
    String sharing() {
        if (own || !(address instanceof Inet6Address) || !ClientNet.isGrouped(address)) {
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
