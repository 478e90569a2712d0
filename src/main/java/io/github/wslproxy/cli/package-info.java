/**
 * What a person types and reads.
 *
 * <p>Start at {@link io.github.wslproxy.cli.WslProxyCommand}.
 */
@NullMarked
package io.github.wslproxy.cli;

import org.jspecify.annotations.NullMarked;
