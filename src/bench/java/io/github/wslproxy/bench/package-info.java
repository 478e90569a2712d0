/**
 * What measures the packaged program from outside: it is unpacked from its zip, started by its launcher, and read
 * through {@code /proc}, so Linux only. Compiled in the profile {@code bench} alone.
 *
 * <p>Start at {@link io.github.wslproxy.bench.Installed}.
 */
@NullMarked
package io.github.wslproxy.bench;

import org.jspecify.annotations.NullMarked;
