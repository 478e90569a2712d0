/**
 * What makes load and measures it: established generators, read by what they print, and small own ones where there is none.
 * Each run ends with a result or with an exception that says what went wrong.
 *
 * <p>Starting points: {@link io.github.wslproxy.bench.compare.load.Iperf3},
 * {@link io.github.wslproxy.bench.compare.load.Wrk}, {@link io.github.wslproxy.bench.compare.load.Sockperf},
 * {@link io.github.wslproxy.bench.compare.load.Dnsperf}, {@link io.github.wslproxy.bench.compare.load.IdleLinks}.
 */
@NullMarked
package io.github.wslproxy.bench.compare.load;

import org.jspecify.annotations.NullMarked;
