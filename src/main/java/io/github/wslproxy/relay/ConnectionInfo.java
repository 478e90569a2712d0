package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Protocol;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * An open link or session, as it stood at one moment.
 *
 * @param client of which a relay has at most one at each place where it listens
 * @param target as a person reads it; empty while it is not connected
 * @param age since it was accepted
 * @param bytesIn from the client to the target
 */
public record ConnectionInfo(
        Protocol protocol, InetSocketAddress client, String target, Duration age, long bytesIn, long bytesOut) {}
