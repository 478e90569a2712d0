/**
 * The programs that are compared: wslproxy, its peers, and none at all.
 *
 * <p>Start at {@link io.github.wslproxy.bench.compare.program.Program}. Another peer is one more class like
 * {@code Socat} and one more line in {@link io.github.wslproxy.bench.compare.program.Programs}.
 */
@NullMarked
package io.github.wslproxy.bench.compare.program;

import org.jspecify.annotations.NullMarked;
