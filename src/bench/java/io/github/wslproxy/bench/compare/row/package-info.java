/**
 * The rows of the table: what is done to every program, and which figures come of it.
 *
 * <p>Start at {@link io.github.wslproxy.bench.compare.row.Rows}, which lists them with their targets; another load is a few
 * lines there.
 */
@NullMarked
package io.github.wslproxy.bench.compare.row;

import org.jspecify.annotations.NullMarked;
