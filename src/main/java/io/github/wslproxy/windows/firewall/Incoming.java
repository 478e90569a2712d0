package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * Clients that come to a port of this computer.
 *
 * @param program the absolute path of the program that listens, java.exe or javaw.exe; empty: only rules for every
 *     program count
 * @param clients as {@link RemoteScope#of} has them
 */
public record Incoming(Protocol protocol, int port, Optional<String> program, List<String> clients) {

    public Incoming {
        clients = List.copyOf(clients);
    }

    /** Those that {@code forward} allows; the local subnet, if it allows none but this computer. */
    public static Incoming of(Forward forward, Protocol protocol, int port, Optional<String> program) {
        List<String> allowed = RemoteScope.of(forward.access().allow());
        return new Incoming(protocol, port, program, allowed.isEmpty() ? List.of(RemoteScope.LOCAL_SUBNET) : allowed);
    }
}
