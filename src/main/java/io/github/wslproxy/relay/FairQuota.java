package io.github.wslproxy.relay;

import java.util.HashMap;
import java.util.Map;

/** Divides places, or bytes, among clients, so that nobody takes all. Safe for any thread. */
public final class FairQuota {
    /** A client may have so few bytes until nothing is left, ... */
    private static final int LITTLE = 512;

    /** ... so many while a quarter is free, ... */
    private static final int SOME = 4096;

    /** ... and at most so many, while half is free: one datagram of the largest size, and more. */
    private static final int MOST_OF_CLIENT = 128 * 1024;

    private final int size;
    private final Rule rule;

    /** Guarded by this, as {@link #used} is. */
    private final Map<ClientKey, Integer> byClient = new HashMap<>();

    private int used;

    private interface Rule {
        /** Whether a client may have {@code own} of it, and all clients {@code all}. */
        boolean permits(int own, int all);
    }

    private FairQuota(int size, Rule rule) {
        this.size = size;
        this.rule = rule;
    }

    /**
     * Places, of which a client may take another while it has fewer than are free. One client alone gets half of them,
     * the next half of the rest, and it takes many to keep a newcomer out.
     *
     * @param places at least 1
     */
    public static FairQuota ofPlaces(int places) {
        return new FairQuota(places, (own, all) -> own - 1 <= places - all);
    }

    /**
     * Bytes. The more a client holds, the sooner it is refused more, so there is room for one small datagram even while
     * hundreds of others, whose addresses may be forged, want all they can get.
     */
    public static FairQuota ofBytes(int bytes) {
        return new FairQuota(bytes, (own, all) -> all <= mostInAll(own, bytes));
    }

    private static int mostInAll(int own, int bytes) {
        if (own <= LITTLE) {
            return bytes;
        }
        if (own <= SOME) {
            return bytes / 4 * 3;
        }
        return own <= MOST_OF_CLIENT ? bytes / 2 : 0;
    }

    /** Whether {@code client} may have one more, which then has to be given back. */
    public boolean take(ClientKey client) {
        return take(client, 1);
    }

    /** Whether {@code client} may have {@code amount} more, which then has to be given back. */
    public synchronized boolean take(ClientKey client, int amount) {
        int own = byClient.getOrDefault(client, 0) + amount;
        if (!rule.permits(own, used + amount)) {
            return false;
        }
        byClient.put(client, own);
        used += amount;
        return true;
    }

    /** Takes one for a client that may have all of them; false if none is free. */
    synchronized boolean takeFree(ClientKey client) {
        if (used >= size) {
            return false;
        }
        byClient.merge(client, 1, Integer::sum);
        used++;
        return true;
    }

    public void giveBack(ClientKey client) {
        giveBack(client, 1);
    }

    public synchronized void giveBack(ClientKey client, int amount) {
        byClient.computeIfPresent(client, (unused, own) -> own == amount ? null : own - amount);
        used -= amount;
    }

    public synchronized int used() {
        return used;
    }
}
