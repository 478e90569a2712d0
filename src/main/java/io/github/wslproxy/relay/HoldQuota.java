package io.github.wslproxy.relay;

import java.util.HashMap;
import java.util.Map;

/**
 * What is kept in memory of clients whose target is not there yet, of all forwards together. Shared fairly: the more
 * a client wants, the sooner it is full for it, so that there is room for the question of one that has little,
 * however much others want. Safe for any thread.
 */
public final class HoldQuota {
    /** In all, of a heap of 64 MB. */
    public static final int MOST = 2 << 20;

    /** A client may have so little until nothing is left, ... */
    private static final int LITTLE = 512;

    /** ... so much while a quarter is free, ... */
    private static final int SOME = 4096;

    /** ... and at most so much, while half is free: one datagram of the largest size, and more. */
    private static final int MOST_OF_CLIENT = 128 * 1024;

    private final Map<ClientKey, Integer> byClient = new HashMap<>();
    private int used;

    /** Takes {@code bytes} for a client, which have to be given back, if its share allows that. */
    public synchronized boolean take(ClientKey client, int bytes) {
        int held = byClient.getOrDefault(client, 0);
        if (used + bytes > mostInAll(held + bytes)) {
            return false;
        }
        byClient.put(client, held + bytes);
        used += bytes;
        return true;
    }

    /** How much may be used in all for a client to have {@code ofClient}. */
    private static int mostInAll(int ofClient) {
        if (ofClient <= LITTLE) {
            return MOST;
        }
        if (ofClient <= SOME) {
            return MOST / 4 * 3;
        }
        return ofClient <= MOST_OF_CLIENT ? MOST / 2 : 0;
    }

    public synchronized void giveBack(ClientKey client, int bytes) {
        byClient.computeIfPresent(client, (unused, held) -> held == bytes ? null : held - bytes);
        used -= bytes;
    }

    public synchronized int used() {
        return used;
    }
}
