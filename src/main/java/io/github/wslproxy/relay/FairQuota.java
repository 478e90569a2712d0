package io.github.wslproxy.relay;

import java.util.HashMap;
import java.util.Map;

/**
 * A fixed number of places, divided among clients: one may take another place while fewer are taken by it than are
 * free. So one client alone gets half of them, the next half of the rest, and it takes many to keep a newcomer out.
 * Safe for any thread.
 */
public final class FairQuota {
    private final int places;

    /** Guarded by this, as the other is. */
    private final Map<ClientKey, Integer> byClient = new HashMap<>();

    private int used;

    /** @param places at least 1 */
    public FairQuota(int places) {
        this.places = places;
    }

    /** Whether there is a place for {@code client}, which then has to be given back. */
    public synchronized boolean take(ClientKey client) {
        int own = byClient.getOrDefault(client, 0);
        if (own >= places - used) {
            return false;
        }
        byClient.put(client, own + 1);
        used++;
        return true;
    }

    /** Whether there is a place for one who may have as many as there are. */
    synchronized boolean takeFree(ClientKey client) {
        if (used >= places) {
            return false;
        }
        byClient.merge(client, 1, Integer::sum);
        used++;
        return true;
    }

    public void giveBack(ClientKey client) {
        giveBack(client, 1);
    }

    synchronized void giveBack(ClientKey client, int count) {
        byClient.computeIfPresent(client, (unused, own) -> own == count ? null : own - count);
        used -= count;
    }

    public synchronized int used() {
        return used;
    }

    public int places() {
        return places;
    }
}
