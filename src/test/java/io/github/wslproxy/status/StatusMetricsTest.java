package io.github.wslproxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatusMetricsTest {
    @Test
    void theWholeTextReadsAsPromised() {
        assertThat(text(StatusSamples.of(StatusSamples.listening("vite"), StatusSamples.failed("game"))))
                .isEqualTo("""
                        # HELP wslproxy_info The running program.
                        # TYPE wslproxy_info gauge
                        wslproxy_info{version="0.1.0"} 1
                        # HELP wslproxy_accepted_total TCP links and UDP sessions so far.
                        # TYPE wslproxy_accepted_total counter
                        wslproxy_accepted_total{forward="game"} 0.0
                        wslproxy_accepted_total{forward="vite"} 20.0
                        # HELP wslproxy_bytes_total Bytes relayed; in is from clients to the target.
                        # TYPE wslproxy_bytes_total counter
                        wslproxy_bytes_total{direction="in",forward="game"} 0.0
                        wslproxy_bytes_total{direction="in",forward="vite"} 4096.0
                        wslproxy_bytes_total{direction="out",forward="game"} 9.223372036854776E18
                        wslproxy_bytes_total{direction="out",forward="vite"} 5.0E9
                        # HELP wslproxy_forward_up 1 if every listener of the forward listens, else 0.
                        # TYPE wslproxy_forward_up gauge
                        wslproxy_forward_up{forward="game"} 0.0
                        wslproxy_forward_up{forward="vite"} 1.0
                        # HELP wslproxy_limit_max The limit of the whole program; rate: connections a second, 0 is any.
                        # TYPE wslproxy_limit_max gauge
                        wslproxy_limit_max{limit="connecting"} 1024.0
                        wslproxy_limit_max{limit="connections"} 8192.0
                        wslproxy_limit_max{limit="direct_memory"} 6.7108864E7
                        wslproxy_limit_max{limit="rate"} 1000.0
                        wslproxy_limit_max{limit="sessions"} 4096.0
                        # HELP wslproxy_limit_refused_total Clients turned away by a limit of the whole program.
                        # TYPE wslproxy_limit_refused_total counter
                        wslproxy_limit_refused_total{limit="connecting"} 5.0
                        wslproxy_limit_refused_total{limit="connections"} 0.0
                        wslproxy_limit_refused_total{limit="direct_memory"} 0.0
                        wslproxy_limit_refused_total{limit="rate"} 7.0
                        wslproxy_limit_refused_total{limit="sessions"} 6.0E9
                        # HELP wslproxy_limit_used What the whole program has open; rate: sources of the last second.
                        # TYPE wslproxy_limit_used gauge
                        wslproxy_limit_used{limit="connecting"} 2.0
                        wslproxy_limit_used{limit="connections"} 17.0
                        wslproxy_limit_used{limit="direct_memory"} 4194304.0
                        wslproxy_limit_used{limit="rate"} 1.0
                        wslproxy_limit_used{limit="sessions"} 3.0
                        # HELP wslproxy_open TCP links and UDP sessions open now.
                        # TYPE wslproxy_open gauge
                        wslproxy_open{forward="game"} 0.0
                        wslproxy_open{forward="vite"} 1.0
                        # HELP wslproxy_refused_total Clients turned away, and connects that failed.
                        # TYPE wslproxy_refused_total counter
                        wslproxy_refused_total{forward="game"} 0.0
                        wslproxy_refused_total{forward="vite"} 3.0
                        # HELP wslproxy_target_up 1 if WSL is up, or shares the network of Windows; else 0.
                        # TYPE wslproxy_target_up gauge
                        wslproxy_target_up 1.0
                        # HELP wslproxy_uptime_seconds Seconds since the program started.
                        # TYPE wslproxy_uptime_seconds gauge
                        wslproxy_uptime_seconds 3725.0
                        """);
    }

    @Test
    void whoAcceptsOpenMetricsGetsIt() {
        StatusMetrics.Exposition exposition = StatusMetrics.of(
                StatusSamples.of(StatusSamples.listening("vite")),
                "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1");

        assertThat(exposition.contentType()).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(exposition.text())
                .contains(
                        "# TYPE wslproxy info\n",
                        "wslproxy_info{version=\"0.1.0\"} 1\n",
                        "# TYPE wslproxy_bytes counter\n")
                .contains("wslproxy_bytes_total{direction=\"in\",forward=\"vite\"} 4096.0\n")
                .endsWith("# EOF\n");
    }

    @Test
    void labelsEscapeBackslashQuoteAndNewlineOnly() {
        assertThat(text(StatusSamples.of(StatusSamples.listening("a\\b\"c\nd\te<é"))))
                .contains("wslproxy_open{forward=\"a\\\\b\\\"c\\nd\te<é\"} 1.0\n");
    }

    @Test
    void aNameCannotStartALineOfItsOwn() {
        String text = text(StatusSamples.of(StatusSamples.listening("x\"} 1\nwslproxy_target_up 0\n")));

        assertThat(text.lines())
                .filteredOn(line -> line.startsWith("wslproxy_target_up"))
                .containsExactly("wslproxy_target_up 1.0");
    }

    @Test
    void aNameThatIsThereTwiceSpoilsNothing() {
        assertThat(text(StatusSamples.of(StatusSamples.listening("x"), StatusSamples.failed("x"))))
                .containsOnlyOnce("wslproxy_open{forward=\"x\"} 1.0\n")
                .doesNotContain("wslproxy_open{forward=\"x\"} 0.0");
    }

    @Test
    void theTargetIsUpWhereItCanBeReached() {
        assertThat(text(StatusSamples.inState("down", ""))).contains("wslproxy_target_up 0.0\n");
        assertThat(text(StatusSamples.inState("unknown", ""))).contains("wslproxy_target_up 0.0\n");
        assertThat(text(StatusSamples.inState("on-lan", "192.168.1.7"))).contains("wslproxy_target_up 1.0\n");
    }

    private static String text(Snapshot snapshot) {
        return StatusMetrics.of(snapshot, null).text();
    }
}
