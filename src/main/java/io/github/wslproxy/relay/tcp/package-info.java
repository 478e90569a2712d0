/**
 * TCP: a client, a target, and the link between them.
 *
 * <p>The way of a client: {@code TcpAcceptor} accepts, {@link io.github.wslproxy.relay.tcp.TcpRelay} admits, {@code
 * TcpLink} owns the client from then to the end, {@code TargetConnector} waits for the target where that is asked for
 * and connects, and two {@code Pump}s, a {@code PumpPair}, move the bytes.
 */
@NullMarked
package io.github.wslproxy.relay.tcp;

import org.jspecify.annotations.NullMarked;
