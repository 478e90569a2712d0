package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Protocol;
import java.util.Optional;

/** Knows who holds a port that cannot be listened on. */
public interface PortOwner {
    /** Nobody can tell. */
    PortOwner UNKNOWN = (protocol, port) -> Optional.empty();

    /**
     * Who holds {@code port}, and what to do about it, in one sentence; empty where that is not known. May block for
     * seconds, and is asked on a thread that may.
     */
    Optional<String> describe(Protocol protocol, int port);
}
