package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * A socket inside the VM on which somebody listens.
 *
 * @param address a wildcard, or one address of the VM
 * @param dualStack whether the IPv6 wildcard hears IPv4 too
 */
public record GuestSocket(Protocol protocol, InetAddress address, int port, boolean dualStack) {

    /** Whether what is sent to {@code destination} arrives here. */
    public boolean hears(InetAddress destination) {
        if (!address.isAnyLocalAddress()) {
            return address.equals(destination);
        }
        return (destination instanceof Inet6Address) == (address instanceof Inet6Address)
                || (dualStack && destination instanceof Inet4Address);
    }

    /** {@code 127.0.0.1:5173}, {@code [::1]:5173}. */
    public String where() {
        return IpLiteral.withPort(address, port);
    }
}
