package io.github.wslproxy.relay;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the connections, or sessions, of one forward, in all and for each client, and refuses beyond the limits.
 * Counts them for the program, too. Safe for any thread.
 */
public final class ConnectionLimits {
    private final Cap ofForward;
    private final Cap ofProgram;
    private volatile int maxPerClient;
    private final ConcurrentHashMap<ClientKey, Integer> byClient = new ConcurrentHashMap<>();

    /** Which limit keeps a client out. */
    enum LimitReached {
        NONE,
        OF_FORWARD,
        OF_CLIENT,
        OF_PROGRAM
    }

    /**
     * A client's share.
     *
     * @param client an address, or a network of IPv6 that counts as one client
     */
    public record Count(String client, int open) {}

    /**
     * Counts nothing yet.
     *
     * @param ofProgram those of all forwards together
     * @param max at most so many of the forward, at least 1
     * @param maxPerClient at most so many for one client, at least 1
     */
    public ConnectionLimits(Cap ofProgram, int max, int maxPerClient) {
        this.ofProgram = ofProgram;
        this.ofForward = new Cap(max);
        this.maxPerClient = maxPerClient;
    }

    /** Other limits from now on; what is beyond them stays open. */
    void limit(int max, int perClient) {
        ofForward.limit(max);
        maxPerClient = perClient;
    }

    /**
     * Counts one more if no limit is reached; it has to be given back by {@link #giveBack}. Programs of this computer
     * have no limit of their own: they share its addresses, and a load test here is no attack.
     */
    LimitReached take(ClientKey client) {
        if (!ofForward.take()) {
            return LimitReached.OF_FORWARD;
        }
        int ofClient = byClient.merge(client, 1, Integer::sum);
        boolean isClientFull = ofClient > maxPerClient && !client.own();
        if (!isClientFull && ofProgram.take()) {
            return LimitReached.NONE;
        }
        giveBackOfForward(client);
        return isClientFull ? LimitReached.OF_CLIENT : LimitReached.OF_PROGRAM;
    }

    void giveBack(ClientKey client) {
        giveBackOfForward(client);
        ofProgram.giveBack();
    }

    private void giveBackOfForward(ClientKey client) {
        byClient.computeIfPresent(client, (unused, count) -> count == 1 ? null : count - 1);
        ofForward.giveBack();
    }

    /**
     * How many each client has, the most first.
     *
     * @param most at most so many clients
     */
    public List<Count> byClient(int most) {
        return byClient.entrySet().stream()
                .map(entry -> new Count(entry.getKey().toString(), entry.getValue()))
                .sorted(Comparator.comparingInt(Count::open).reversed().thenComparing(Count::client))
                .limit(most)
                .toList();
    }

    public int inUse() {
        return ofForward.used();
    }
}
