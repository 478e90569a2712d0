package io.github.wslproxy.relay;

import io.github.wslproxy.os.OperatingSystem;
import java.net.BindException;
import java.net.InetSocketAddress;

/** Why a socket could not be bound, as far as Java and the system tell. */
final class BindFailure {
    static final String NO_SUCH_ADDRESS = "no network adapter has this address now";

    private static final String EITHER = "the port is in use by another program, or not allowed by the system";

    /** Of the ports that any user may have, as Unix systems come. */
    private static final int FIRST_FREE = 1024;

    private BindFailure() {}

    /**
     * One sentence. By type and by what is known here; the text of the system, which may be translated, only refines
     * it.
     *
     * @param local what should have been bound
     */
    static String explain(Throwable cause, InetSocketAddress local, LocalAddresses localAddresses) {
        String systemSays = SocketErrors.of(cause);
        if (!(cause instanceof BindException)) {
            return systemSays;
        }
        if (!localAddresses.contains(local.getAddress())) {
            return NO_SUCH_ADDRESS;
        }
        return OperatingSystem.isWindows() ? EITHER + " (" + systemSays + ")" : onUnix(systemSays, local.getPort());
    }

    /** Windows denies a port also where another program has it to itself, so only Unix can be told apart. */
    static String onUnix(String systemSays, int port) {
        if (systemSays.contains("already in use")) {
            return "the port is in use by another program (" + systemSays + ")";
        }
        if (systemSays.contains("Permission denied")) {
            return "the system does not let this user have the port ("
                    + systemSays
                    + (port < FIRST_FREE ? "): those below 1024 need root, or CAP_NET_BIND_SERVICE on Linux" : ")");
        }
        return EITHER + " (" + systemSays + ")";
    }
}
