/**
 * Shows the program on one computer without WSL: a pretend VM that restarts and moves, a real configuration file, a
 * real command as probe, the real relays, and clients that show whether TCP and UDP follow.
 *
 * <p>Start at {@link io.github.wslproxy.demo.Demo}.
 */
@NullMarked
package io.github.wslproxy.demo;

import org.jspecify.annotations.NullMarked;
