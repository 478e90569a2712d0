/**
 * wslproxy forwards TCP and UDP from the LAN into WSL 2 and follows the VM when it moves.
 *
 * <h2>Starting points</h2>
 *
 * <ul>
 *   <li>The way of a byte: {@code relay.tcp}: {@code TcpAcceptor} accepts, {@code TcpRelay} admits, {@code TcpLink}
 *       owns the client, {@code TargetConnector} connects it, {@code Pump} moves the bytes one way.
 *   <li>The way of a datagram: {@code relay.udp}: {@code UdpRelay} listens, {@code UdpSessions} receives and
 *       finds or opens, {@code UdpSession} sends, and returns
 *       what comes back; {@code UdpSocket} is the socket of both sides.
 *   <li>The way of an address: {@code wsl}: a {@code WslProbe} asks, {@code AddressChoice} chooses, {@code VmMonitor}
 *       decides when and publishes to {@link io.github.wslproxy.target.CurrentTarget}; relays read it through {@link
 *       io.github.wslproxy.target.TargetSource}.
 *   <li>The words of the user: {@code config} turns proxy.toml into {@link io.github.wslproxy.forward.Forward}s or into
 *       every problem at once.
 *   <li>What runs and in which order it starts and ends: {@code app.WslProxy}.
 * </ul>
 *
 * <p>Imports run downwards only: Main, cli, demo, app, status; then config, wsl and windows, process; then relay.tcp
 * and relay.udp, relay; then forward, target and computer. {@code LayersTest} holds this.
 */
@NullMarked
package io.github.wslproxy;

import org.jspecify.annotations.NullMarked;
