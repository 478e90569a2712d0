package io.github.wslproxy.relay;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what is open, in all and for each client, and refuses beyond the caps. Safe for any thread. */
public final class ConnectionLimits {
    private volatile int cap;
    private volatile int capPerClient;
    private final AtomicInteger inUse = new AtomicInteger();
    private final ConcurrentHashMap<ClientKey, Integer> byClient = new ConcurrentHashMap<>();

    /** The answer to a client that wants a slot. */
    public enum Answer {
        GRANTED,
        /** The forward's own cap is reached. */
        FULL,
        /** This client's cap is reached. */
        CLIENT_FULL
    }

    /**
     * @param cap at most so many in all, at least 1
     * @param capPerClient at most so many for one client, at least 1
     */
    public ConnectionLimits(int cap, int capPerClient) {
        this.cap = cap;
        this.capPerClient = capPerClient;
    }

    /** Other caps from now on; what is beyond them stays open. */
    public void limit(int all, int perClient) {
        cap = all;
        capPerClient = perClient;
    }

    /**
     * Takes a slot if the answer is {@link Answer#GRANTED}; it has to be given back by {@link #release}. Programs of
     * this computer have no cap of their own: they share its addresses, and a load test here is no attack.
     */
    Answer take(ClientKey client) {
        return take(client, client.own() ? Integer.MAX_VALUE : capPerClient);
    }

    private Answer take(ClientKey client, int mostOfClient) {
        if (!Cap.incrementBelow(inUse, cap)) {
            return Answer.FULL;
        }
        int ofClient = byClient.merge(client, 1, Integer::sum);
        if (ofClient > mostOfClient) {
            release(client);
            return Answer.CLIENT_FULL;
        }
        return Answer.GRANTED;
    }

    public void release(ClientKey client) {
        byClient.computeIfPresent(client, (unused, count) -> count == 1 ? null : count - 1);
        inUse.decrementAndGet();
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

    /**
     * A client's share.
     *
     * @param client an address, or a network of IPv6 that counts as one client
     */
    public record Count(String client, int open) {}

    public int inUse() {
        return inUse.get();
    }
}
