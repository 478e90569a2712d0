package io.github.wslproxy.bench.compare.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.wslproxy.bench.compare.lab.FailedRunException;
import org.junit.jupiter.api.Test;

/** What the generators have printed: iperf 3.12, wrk 4.1.0, sockperf 3.7, dnsperf 2.10.0. */
final class GeneratorOutputsTest {
    @Test
    void iperf3TellsWhatHasArrived() throws FailedRunException {
        String output = """
                {"end": {
                "sum_sent": {"seconds": 1.000075, "bytes": 1673789440, "bits_per_second": 13389311321.650875},
                "sum_received": {"seconds": 1.000231, "bytes": 1668546560, "bits_per_second": 13345289718.075123}}}
                """;

        Iperf3.Report report = Iperf3.parse(output);

        assertThat(report.gigabitsPerSecond()).isEqualTo(13.345, within(0.001));
        assertThat(report.gigabytes()).isEqualTo(1.6685, within(0.0001));
        assertThat(report.lostPercent()).isZero();
    }

    @Test
    void iperf3BothWaysIsTheSum() throws FailedRunException {
        String output = """
                {"end": {
                "sum_sent": {"bytes": 349962240, "bits_per_second": 2799479560.5942736, "sender": true},
                "sum_received": {"bytes": 342753280, "bits_per_second": 2508605514.1219783, "sender": true},
                "sum_sent_bidir_reverse": {"bytes": 328990720, "bits_per_second": 2631720485.8021073},
                "sum_received_bidir_reverse": {"bytes": 328990720, "bits_per_second": 2407877568.048247}}}
                """;

        assertThat(Iperf3.parse(output).gigabitsPerSecond()).isEqualTo(4.916, within(0.001));
    }

    @Test
    void iperf3OfDatagramsTellsTheLoss() throws FailedRunException {
        String output = """
                {"end": {
                "sum": {"bytes": 124966800, "lost_packets": 49076, "packets": 89262, "lost_percent": 54.97972261432636},
                "sum_sent": {"bytes": 124966800, "bits_per_second": 999725402.471378, "lost_percent": 0},
                "sum_received": {"bytes": 56260400, "bits_per_second": 450049896.3076733, "lost_packets": 49076,
                "packets": 89262, "lost_percent": 54.97972261432636}}}
                """;

        assertThat(Iperf3.parse(output).lostPercent()).isEqualTo(54.98, within(0.01));
    }

    @Test
    void iperf3WithoutAServerHasFailed() {
        String output = """
                {"start": {"connected": [], "version": "iperf 3.12"}, "intervals": [], "end": {},
                "error": "unable to connect to server: Connection refused"}
                """;

        assertThatThrownBy(() -> Iperf3.parse(output))
                .isInstanceOf(FailedRunException.class)
                .hasMessage("iperf3: unable to connect to server: Connection refused");
    }

    @Test
    void wrkTellsRateAndLatencies() throws FailedRunException {
        Wrk.Report report = Wrk.parse("""
                Running 1s test @ http://127.0.0.1:18020/
                  1 threads and 64 connections
                  142825 requests in 1.00s, 20.84MB read
                Requests/sec: 142167.90
                Transfer/sec:     20.74MB
                report requests=142825 us=1004622 connect=0 read=0 write=0 status=0 timeout=0 p50=209 p99=6152 p999=8540
                """);

        assertThat(report.requestsPerSecond()).isEqualTo(142_168, within(1.0));
        assertThat(report.p50()).isEqualTo(0.209);
        assertThat(report.p999()).isEqualTo(8.54);
    }

    @Test
    void anErrorOfWrkIsNoNumber() {
        String output =
                "report requests=7373 us=1002540 connect=0 read=12 write=0 status=0 timeout=1 p50=3 p99=6 p999=7";

        assertThatThrownBy(() -> Wrk.parse(output)).hasMessage("wrk: errors: read 12, timeout 1");
    }

    @Test
    void sockperfTellsRoundTrips() throws FailedRunException {
        Sockperf.Report report = Sockperf.parse("""
                sockperf: [Total Run] RunTime=1.016 sec; Warm up time=400 msec; SentMessages=108347; ReceivedMessages=108346
                sockperf: ========= Printing statistics for Server No: 0
                sockperf: [Valid Duration] RunTime=0.537 sec; SentMessages=47852; ReceivedMessages=47852
                sockperf: \u001b[2;35m====> avg-rtt=11.209 (std-dev=305.477)\u001b[0m
                sockperf: # dropped messages = 0; # duplicated messages = 0; # out-of-order messages = 0
                sockperf: Summary: Round trip is 11.209 usec
                sockperf: ---> percentile 99.900 = 2621.163
                sockperf: ---> percentile 99.000 =    5.426
                sockperf: ---> percentile 50.000 =    3.484
                """);

        assertThat(report.roundTrips()).isEqualTo(108_346);
        assertThat(report.p50()).isEqualTo(3.484);
        assertThat(report.p99()).isEqualTo(5.426);
    }

    @Test
    void aSockperfThatCannotConnectHasFailed() {
        String output = """
                sockperf: \u001b[2;35m== version #3.7-no.git == \u001b[0m
                sockperf: ERROR: Can`t connect socket (errno=111 Connection refused)
                """;

        assertThatThrownBy(() -> Sockperf.parse(output)).hasMessageContaining("Connection refused");
    }

    @Test
    void dnsperfTellsRepliesAndLoss() throws FailedRunException {
        Dnsperf.Report report = Dnsperf.parse("""
                  Queries sent:         20000
                  Queries completed:    19970 (99.85%)
                  Queries lost:         30 (0.15%)

                  Average packet size:  request 31, response 31
                  Run time (s):         1.000089
                  Queries per second:   19968.222828
                """);

        assertThat(report.repliesPerSecond()).isEqualTo(19_968, within(1.0));
        assertThat(report.lostPercent()).isEqualTo(0.15, within(0.001));
    }

    @Test
    void dnsperfWithoutAnyReplyHasFailed() {
        String output = """
                  Queries sent:         100
                  Queries completed:    0 (0.00%)
                  Queries lost:         100 (100.00%)
                """;

        assertThatThrownBy(() -> Dnsperf.parse(output)).hasMessage("dnsperf: no query was answered");
    }
}
