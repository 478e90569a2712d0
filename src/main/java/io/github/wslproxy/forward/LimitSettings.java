package io.github.wslproxy.forward;

/**
 * How many connections and sessions the whole program has at once, over all forwards.
 *
 * @param connections TCP connections, at least 1
 * @param connecting TCP connections whose target has not answered yet, at least 1
 * @param sessions UDP sessions, at least 1
 * @param connectionRatePerClient new TCP connections of one client in a second; 0: as many as it likes
 */
public record LimitSettings(int connections, int connecting, int sessions, int connectionRatePerClient) {}
