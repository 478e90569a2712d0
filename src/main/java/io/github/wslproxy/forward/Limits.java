package io.github.wslproxy.forward;

/**
 * How many at once, each at least 1.
 *
 * @param connections TCP links of the forward
 * @param connectionsPerClient TCP links of one client address
 * @param sessions UDP sessions of the forward
 * @param sessionsPerClient UDP sessions of one client address
 */
public record Limits(int connections, int connectionsPerClient, int sessions, int sessionsPerClient) {
    /** Links, or sessions, of the forward. */
    public int max(Protocol protocol) {
        return protocol == Protocol.TCP ? connections : sessions;
    }

    /** Links, or sessions, of one client address. */
    public int maxPerClient(Protocol protocol) {
        return protocol == Protocol.TCP ? connectionsPerClient : sessionsPerClient;
    }
}
