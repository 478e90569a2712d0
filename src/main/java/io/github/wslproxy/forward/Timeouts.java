package io.github.wslproxy.forward;

import java.time.Duration;

/**
 * How long a relay waits; {@link Duration#ZERO} means for ever where nothing else is said.
 *
 * @param connect until the target has answered a TCP connect; not zero
 * @param idle TCP, both directions silent
 * @param halfClose TCP, one side has ended and the other makes no progress
 * @param clientKeepAlive TCP, how long a silent client may be out of reach; zero leaves that to the system. The target
 *     has two minutes, see relay.tcp.KeepAlive
 * @param udpIdle UDP, a session silent in both directions; not zero
 */
public record Timeouts(
        Duration connect, Duration idle, Duration halfClose, Duration clientKeepAlive, Duration udpIdle) {}
