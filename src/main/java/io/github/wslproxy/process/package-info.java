/**
 * Running programs of the system: with a deadline, without input, with capped output, and never leaving one behind. All
 * processes of the program are started here; {@code wsl} and {@code windows} say which.
 *
 * <p>Start at {@link io.github.wslproxy.process.CommandRunner}.
 */
@NullMarked
package io.github.wslproxy.process;

import org.jspecify.annotations.NullMarked;
