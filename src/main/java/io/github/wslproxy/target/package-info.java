/**
 * The hinge between the control path and the data path: {@code wsl} writes where the target is, the relays read it, and
 * neither knows the other. JDK only.
 *
 * <p>Start at {@link io.github.wslproxy.target.TargetSource}; {@link io.github.wslproxy.target.HostAdapter} is the way
 * back.
 */
@NullMarked
package io.github.wslproxy.target;

import org.jspecify.annotations.NullMarked;
