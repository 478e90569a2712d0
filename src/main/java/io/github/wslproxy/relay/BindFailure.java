package io.github.wslproxy.relay;

import java.net.BindException;
import java.net.InetAddress;

/** Why a socket could not be bound, as far as Java and the system tell. */
final class BindFailure {
    static final String NO_SUCH_ADDRESS = "no network adapter has this address now";

    private BindFailure() {}

    /** By type and by what is known here, never by the text of the system, which Windows localizes; one sentence. */
    static String explain(Throwable cause, InetAddress address, LocalAddresses localAddresses) {
        String systemSays = FailureText.of(cause);
        if (!(cause instanceof BindException)) {
            return systemSays;
        }
        if (!localAddresses.contains(address)) {
            return NO_SUCH_ADDRESS;
        }
        return "the port is in use by another program, or not allowed by the system (" + systemSays + ")";
    }
}
