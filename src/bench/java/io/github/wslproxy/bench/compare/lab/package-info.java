/**
 * The ground that everything stands on: a folder, ports, processes and what they take of the computer, as Linux tells it.
 *
 * <p>Start at {@link io.github.wslproxy.bench.compare.lab.Lab}.
 */
@NullMarked
package io.github.wslproxy.bench.compare.lab;

import org.jspecify.annotations.NullMarked;
