package io.github.wslproxy.relay;

import java.util.Locale;

/** What kind of refusal it is. */
public enum RefusalCode {
    /** The client is in no entry of {@code allow}. */
    NOT_ALLOWED,
    /** The client is in {@code deny}. */
    DENIED,
    /** The listener is for WSL only. */
    NOT_FROM_WSL,
    /** The client opened too many connections within a second. */
    CONNECTION_RATE,
    /** Direct memory is used up. */
    MEMORY,
    /** The forward has all it may have. */
    FORWARD_LIMIT,
    /** The client has all it may have of this forward. */
    CLIENT_LIMIT,
    /** The program has all it may have. */
    TOTAL_LIMIT,
    /** Too many connections wait for their target's answer. */
    CONNECTING_LIMIT,
    /** Too many clients wait for a target that is not there. */
    WAITING_LIMIT,
    /** The client has its share of this computer's ports for outgoing connections. */
    OUTGOING_PORTS,
    /** The target's address is not known. */
    TARGET_UNKNOWN,
    /** The VM does not run. */
    TARGET_DOWN,
    /** The target was tried and cannot be reached. */
    CONNECT_FAILED,
    /** It would lead back into wslproxy. */
    LOOP,
    /** The system gives no socket. */
    NO_SOCKET,
    /** A datagram came from a port on which only servers send. */
    SERVER_PORT,
    /** The forward is paused by hand. */
    PAUSED,
    /** wslproxy, or the forward, is stopping. */
    STOPPING,
    /** A defect of this program. */
    UNEXPECTED;

    /** The word used in JSON. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it has to do with one client alone, so that others may be served all the while. */
    boolean isOfOneClient() {
        return switch (this) {
            case NOT_ALLOWED, DENIED, NOT_FROM_WSL, CONNECTION_RATE, CLIENT_LIMIT, SERVER_PORT, OUTGOING_PORTS -> true;
            default -> false;
        };
    }
}
