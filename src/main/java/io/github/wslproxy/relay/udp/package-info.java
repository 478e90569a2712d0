/**
 * UDP: a client, a target, and the session that pairs them.
 *
 * <p>Start at {@link io.github.wslproxy.relay.udp.UdpRelay}. The way of a datagram: {@code UdpSessions} receives it on
 * a listening socket and finds or opens the client's {@code UdpSession}, which sends it on, receives
 * what comes back, and returns it from the socket that the client spoke to. {@code UdpSocket} is the socket of both
 * sides. Everything of one listening socket happens on its event loop.
 */
@NullMarked
package io.github.wslproxy.relay.udp;

import org.jspecify.annotations.NullMarked;
