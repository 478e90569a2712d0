package io.github.wslproxy.forward;

/**
 * How many connections and sessions a forward has at once; each limit is at least 1.
 *
 * @param connections TCP connections of the forward
 * @param connectionsPerClient TCP connections of one client address
 * @param sessions UDP sessions of the forward
 * @param sessionsPerClient UDP sessions of one client address
 */
public record Limits(int connections, int connectionsPerClient, int sessions, int sessionsPerClient) {
    /** The limit of the forward: of connections or of sessions. */
    public int max(Protocol protocol) {
        return protocol == Protocol.TCP ? connections : sessions;
    }

    /** The limit of one client address: of connections or of sessions. */
    public int maxPerClient(Protocol protocol) {
        return protocol == Protocol.TCP ? connectionsPerClient : sessionsPerClient;
    }
}
