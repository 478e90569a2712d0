package io.github.wslproxy.forward;

/**
 * How many at once in the whole program, over all forwards.
 *
 * @param connections TCP links, at least 1
 * @param connecting TCP links whose target has not answered yet, at least 1
 * @param sessions UDP sessions, at least 1
 * @param connectionsPerSecond new TCP links of one client; 0: as many as it likes
 */
public record TotalLimits(int connections, int connecting, int sessions, int connectionsPerSecond) {}
