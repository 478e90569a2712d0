/**
 * What the user asked for, as values: complete and valid once built. JDK only.
 *
 * <p>Start at {@link io.github.wslproxy.forward.Forward}.
 */
@NullMarked
package io.github.wslproxy.forward;

import org.jspecify.annotations.NullMarked;
