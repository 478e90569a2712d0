/**
 * TCP: a client, a target, and the link between them.
 *
 * <p>The way of a byte: {@link io.github.wslproxy.relay.tcp.TcpRelay} accepts, {@code TargetConnector} waits for the
 * target where that is asked for and tries its addresses in turn, {@code TcpDialer} connects, {@code ProxyHeader} has
 * the words that tell the target who comes, again where that is asked for, {@code TcpLink} owns both channels from then
 * on, a {@code PumpHandler} moves the bytes of one direction, and {@code TcpLink} ends.
 */
@NullMarked
package io.github.wslproxy.relay.tcp;

import org.jspecify.annotations.NullMarked;
