/**
 * What was measured, and what may be said of it: samples, ratios with their intervals, targets, and how they are shown.
 * Knows nothing of programs or sockets.
 *
 * <p>Start at {@link io.github.wslproxy.bench.compare.figure.Sheet}, which takes the measurements of one row, and
 * {@link io.github.wslproxy.bench.compare.figure.Ratio}, which holds the rule of what is noise.
 */
@NullMarked
package io.github.wslproxy.bench.compare.figure;

import org.jspecify.annotations.NullMarked;
