/**
 * Composition: what runs, made from the settings, and in which order it starts and ends.
 *
 * <p>Start at {@link io.github.wslproxy.app.WslProxy}.
 */
@NullMarked
package io.github.wslproxy.app;

import org.jspecify.annotations.NullMarked;
