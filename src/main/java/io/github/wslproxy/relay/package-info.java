/**
 * What the TCP and the UDP room share: the contract of a relay, event loops, listeners, limits and counters.
 *
 * <p>Start at {@link io.github.wslproxy.relay.Relay}; {@link io.github.wslproxy.relay.RelayContext} is what every relay
 * is given.
 */
@NullMarked
package io.github.wslproxy.relay;

import org.jspecify.annotations.NullMarked;
