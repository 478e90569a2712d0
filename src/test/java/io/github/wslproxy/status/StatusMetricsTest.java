package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatusMetricsTest {
    @Test
    void theWholeTextReadsAsPromised() {
        assertThat(StatusMetrics.of(StatusSamples.of(StatusSamples.listening("vite"), StatusSamples.failed("game"))))
                .isEqualTo("""
                        # HELP wslproxy_info The running program.
                        # TYPE wslproxy_info gauge
                        wslproxy_info{version="0.1.0"} 1
                        # HELP wslproxy_uptime_seconds Seconds since the program started.
                        # TYPE wslproxy_uptime_seconds gauge
                        wslproxy_uptime_seconds 3725
                        # HELP wslproxy_target_up 1 if WSL is up, or shares the network of Windows; else 0.
                        # TYPE wslproxy_target_up gauge
                        wslproxy_target_up 1
                        # HELP wslproxy_limit_used What the whole program has open; rate: sources of the last second.
                        # TYPE wslproxy_limit_used gauge
                        wslproxy_limit_used{limit="connections"} 17
                        wslproxy_limit_used{limit="connecting"} 2
                        wslproxy_limit_used{limit="sessions"} 3
                        wslproxy_limit_used{limit="direct_memory"} 4194304
                        wslproxy_limit_used{limit="rate"} 1
                        # HELP wslproxy_limit_max The limit of the whole program; rate: connections a second, 0 is any.
                        # TYPE wslproxy_limit_max gauge
                        wslproxy_limit_max{limit="connections"} 8192
                        wslproxy_limit_max{limit="connecting"} 1024
                        wslproxy_limit_max{limit="sessions"} 4096
                        wslproxy_limit_max{limit="direct_memory"} 67108864
                        wslproxy_limit_max{limit="rate"} 1000
                        # HELP wslproxy_limit_refused_total Clients turned away by a limit of the whole program.
                        # TYPE wslproxy_limit_refused_total counter
                        wslproxy_limit_refused_total{limit="connections"} 0
                        wslproxy_limit_refused_total{limit="connecting"} 5
                        wslproxy_limit_refused_total{limit="sessions"} 6000000000
                        wslproxy_limit_refused_total{limit="direct_memory"} 0
                        wslproxy_limit_refused_total{limit="rate"} 7
                        # HELP wslproxy_forward_up 1 if every listener of the forward listens, else 0.
                        # TYPE wslproxy_forward_up gauge
                        wslproxy_forward_up{forward="vite"} 1
                        wslproxy_forward_up{forward="game"} 0
                        # HELP wslproxy_open TCP links and UDP sessions open now.
                        # TYPE wslproxy_open gauge
                        wslproxy_open{forward="vite"} 1
                        wslproxy_open{forward="game"} 0
                        # HELP wslproxy_accepted_total TCP links and UDP sessions so far.
                        # TYPE wslproxy_accepted_total counter
                        wslproxy_accepted_total{forward="vite"} 20
                        wslproxy_accepted_total{forward="game"} 0
                        # HELP wslproxy_refused_total Clients turned away, and connects that failed.
                        # TYPE wslproxy_refused_total counter
                        wslproxy_refused_total{forward="vite"} 3
                        wslproxy_refused_total{forward="game"} 0
                        # HELP wslproxy_bytes_total Bytes relayed; in is from clients to the target.
                        # TYPE wslproxy_bytes_total counter
                        wslproxy_bytes_total{forward="vite",direction="in"} 4096
                        wslproxy_bytes_total{forward="game",direction="in"} 0
                        wslproxy_bytes_total{forward="vite",direction="out"} 5000000000
                        wslproxy_bytes_total{forward="game",direction="out"} 9223372036854775807
                        """);
    }

    @Test
    void labelsEscapeBackslashQuoteAndNewlineOnly() {
        assertThat(StatusMetrics.of(StatusSamples.of(StatusSamples.listening("a\\b\"c\nd\te<é"))))
                .contains("wslproxy_open{forward=\"a\\\\b\\\"c\\nd\te<é\"} 1\n");
    }

    @Test
    void aNameCannotStartALineOfItsOwn() {
        String text = StatusMetrics.of(StatusSamples.of(StatusSamples.listening("x\"} 1\nwslproxy_target_up 0\n")));

        assertThat(text.lines())
                .filteredOn(line -> line.startsWith("wslproxy_target_up"))
                .containsExactly("wslproxy_target_up 1");
    }

    @Test
    void theTargetIsUpWhereItCanBeReached() {
        assertThat(StatusMetrics.of(StatusSamples.inState("down", ""))).contains("wslproxy_target_up 0\n");
        assertThat(StatusMetrics.of(StatusSamples.inState("unknown", ""))).contains("wslproxy_target_up 0\n");
        assertThat(StatusMetrics.of(StatusSamples.inState("on-lan", "192.168.1.7")))
                .contains("wslproxy_target_up 1\n");
    }
}
