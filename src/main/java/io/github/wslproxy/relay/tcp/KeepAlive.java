package io.github.wslproxy.relay.tcp;

import java.time.Duration;
import java.util.Map;

/**
 * When TCP asks a peer that says nothing whether it is still there. It holds while nothing is on its way to the peer;
 * bytes that are not acknowledged are repeated for as long as the system thinks fit, whatever is set here.
 *
 * @param idle seconds of silence before it is asked first
 * @param interval seconds from one question to the next
 * @param count questions without an answer after which the connection has failed
 */
record KeepAlive(int idle, int interval, int count) {
    /** Linux takes no more seconds (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL). */
    private static final int LONGEST = 32_767;

    private static final int PARTS = 10;

    /** The peer may be away for {@code reach}, which is above zero; it is asked every tenth part of that. */
    static KeepAlive lasting(Duration reach) {
        long seconds = Math.max(2, reach.toSeconds());
        int part = (int) Math.min(LONGEST, Math.max(1, seconds / PARTS));
        int count = (int) Math.min(PARTS - 1L, seconds - 1);
        int idle = (int) Math.min(LONGEST, seconds - (long) part * count);
        return new KeepAlive(idle, part, count);
    }

    /** By their names in jdk.net.ExtendedSocketOptions. */
    Map<String, Integer> options() {
        return Map.of("TCP_KEEPIDLE", idle, "TCP_KEEPINTERVAL", interval, "TCP_KEEPCOUNT", count);
    }
}
