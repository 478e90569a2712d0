package io.github.wslproxy.relay;

import io.github.wslproxy.forward.IpLiteral;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** How the other end of a socket is called in logs and errors. */
public final class Peer {
    private Peer() {}

    /** {@code 192.168.1.7:51234} or {@code [fe80::1%eth0]:51234}; {@code (gone)} where the system no longer knows. */
    public static String name(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? IpLiteral.withPort(inet.getAddress(), inet.getPort())
                : "(gone)";
    }
}
