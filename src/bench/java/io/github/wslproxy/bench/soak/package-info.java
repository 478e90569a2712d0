/**
 * The soak: hours of mixed load, of moves and stops of a pretend VM, of edits and of killed peers, with every byte
 * checked, and figures of the proxy that must not grow.
 *
 * <p>Start at {@link io.github.wslproxy.bench.soak.Soak}; the order of things is
 * {@link io.github.wslproxy.bench.soak.Cycles}, what clients do {@link io.github.wslproxy.bench.soak.TcpPlays}, what
 * happens around them {@link io.github.wslproxy.bench.soak.Weather}, what fails the soak
 * {@link io.github.wslproxy.bench.soak.Verdicts}.
 */
@NullMarked
package io.github.wslproxy.bench.soak;

import org.jspecify.annotations.NullMarked;
