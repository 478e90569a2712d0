/**
 * What the running program tells about itself: one snapshot, as a page, as JSON and as metrics.
 *
 * <p>Start at {@link io.github.wslproxy.status.Snapshot}.
 */
@NullMarked
package io.github.wslproxy.status;

import org.jspecify.annotations.NullMarked;
