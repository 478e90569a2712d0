/**
 * The benchmark: wslproxy beside other relays and beside none, in one table. {@code src/bench/compare} starts it and says
 * how it measures.
 *
 * <p>{@link io.github.wslproxy.bench.compare.Compare} reads top to bottom; rows are in {@code row}, relays in
 * {@code program}, generators in {@code load}, and what may be said of the numbers in {@code figure}.
 */
@NullMarked
package io.github.wslproxy.bench.compare;

import org.jspecify.annotations.NullMarked;
