package io.github.wslproxy.bench.compare.row;

import static io.github.wslproxy.bench.compare.figure.Target.atLeast;
import static io.github.wslproxy.bench.compare.program.Protocol.TCP;
import static io.github.wslproxy.bench.compare.program.Protocol.UDP;

import io.github.wslproxy.bench.compare.figure.Figure;
import io.github.wslproxy.bench.compare.figure.Rival;
import io.github.wslproxy.bench.compare.figure.Target;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.load.DnsEcho;
import io.github.wslproxy.bench.compare.load.Dnsperf;
import io.github.wslproxy.bench.compare.load.Iperf3;
import io.github.wslproxy.bench.compare.load.Servers;
import io.github.wslproxy.bench.compare.load.Sockperf;
import io.github.wslproxy.bench.compare.load.Wrk;
import io.github.wslproxy.bench.compare.program.Assignment;
import io.github.wslproxy.bench.compare.program.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All rows, in the order of the table, with their targets. */
public final class Rows {
    private static final Target AS_GOOD_AS_COPIERS = atLeast(1, Rival.BEST_COPIER);
    private static final Target[] BULK = {AS_GOOD_AS_COPIERS, atLeast(1, Rival.DOCKER_PROXY), atLeast(1.5, Rival.NGINX)
    };
    private static final Target[] DATAGRAMS = {atLeast(1, Rival.NGINX), atLeast(1, Rival.DOCKER_PROXY)};

    private static final int KEPT_LINKS = 64;
    private static final int NEW_LINKS = 32;
    private static final List<Integer> GROWTH = List.of(1, 10, 100, 1000, 10_000);

    /** What one process may have open besides its links. */
    private static final int OTHER_FILES = 200;

    /** Nobody has to wait for it: each client has ten queries on their way. */
    private static final String[] AS_FAST_AS_IT_GOES = {"-c", "10", "-q", "100"};

    /** Twenty thousand queries a second from ten clients, however many are still on their way. */
    private static final String[] FIXED_RATE = {"-c", "10", "-q", "20000", "-Q", "20000"};

    private static final LoadRow.Server NO_SERVER = (lab, port) -> () -> {};

    private Rows() {}

    public static List<Row> all() throws IOException {
        List<Row> rows = new ArrayList<>(List.of(
                bulk("bulk-1", BULK),
                bulk("bulk-8", BULK, "-P", "8"),
                bulk("bulk-reverse", BULK, "-R"),
                bulk("bulk-both", new Target[] {AS_GOOD_AS_COPIERS}, "--bidir"),
                requests(),
                newLinks(),
                pingPong("pingpong", TCP, new Target[] {AS_GOOD_AS_COPIERS}, "--tcp"),
                pingPong("udp-pingpong", UDP, DATAGRAMS),
                replies("udp-replies", DATAGRAMS, AS_FAST_AS_IT_GOES),
                replies("udp-rate", new Target[0], FIXED_RATE),
                udpBulk()));
        rows.add(new LinksRow(possible(GROWTH.get(GROWTH.size() - 1))));
        rows.addAll(List.of(new MemoryRow(), new StartRow(), new PortsRow(), new IdleRow()));
        for (int links : GROWTH) {
            rows.add(growth(links));
        }
        return rows;
    }

    private static LoadRow bulk(String name, Target[] targets, String... options) {
        Figure rate = Figure.more("rate", "Gbit/s", targets);
        Figure cpu = Figure.less("CPU", "s/GB", targets);
        return new LoadRow(
                name,
                List.of("iperf3"),
                List.of(TCP),
                Assignment.FEW_LINKS,
                List.of(rate, cpu),
                NO_SERVER,
                (lab, relay, seconds) -> {
                    double before = relay.processes().cpuSeconds();
                    Iperf3.Report report = Iperf3.run(lab, relay.port(0), relay.targetPort(0), seconds, options);
                    double used = relay.processes().cpuSeconds() - before;
                    return relay.isProgram()
                            ? Map.of(rate, report.gigabitsPerSecond(), cpu, used / report.gigabytes())
                            : Map.of(rate, report.gigabitsPerSecond());
                });
    }

    private static LoadRow requests() {
        Figure rate = Figure.more("requests", "/s", AS_GOOD_AS_COPIERS);
        Figure p50 = Figure.less("p50", "ms", AS_GOOD_AS_COPIERS);
        Figure p99 = Figure.less("p99", "ms", AS_GOOD_AS_COPIERS);
        Figure p999 = Figure.less("p99.9", "ms", AS_GOOD_AS_COPIERS);
        return new LoadRow(
                "http-keepalive",
                List.of("wrk", "nginx"),
                List.of(TCP),
                KEPT_LINKS,
                List.of(rate, p50, p99, p999),
                Servers::web,
                (lab, relay, seconds) -> {
                    Wrk.Report report = Wrk.run(lab, relay.port(0), seconds, KEPT_LINKS);
                    return Map.of(
                            rate,
                            report.requestsPerSecond(),
                            p50,
                            report.p50(),
                            p99,
                            report.p99(),
                            p999,
                            report.p999());
                });
    }

    private static LoadRow newLinks() {
        Figure rate = Figure.more("new links", "/s", AS_GOOD_AS_COPIERS);
        return new LoadRow(
                "http-new",
                List.of("wrk", "nginx"),
                List.of(TCP),
                NEW_LINKS,
                List.of(rate),
                Servers::web,
                (lab, relay, seconds) -> Map.of(
                        rate,
                        Wrk.run(lab, relay.port(0), seconds, NEW_LINKS, "-H", "Connection: close")
                                .requestsPerSecond()));
    }

    private static LoadRow pingPong(String name, Protocol protocol, Target[] targets, String... options) {
        Figure p50 = Figure.less("p50", "us", targets);
        Figure p99 = Figure.less("p99", "us", protocol == TCP ? targets : new Target[0]);
        return new LoadRow(
                name,
                List.of("sockperf"),
                List.of(protocol),
                1,
                List.of(p50, p99),
                protocol == TCP ? Servers::tcpEcho : Servers::udpEcho,
                (lab, relay, seconds) -> {
                    Sockperf.Report report = Sockperf.pingPong(relay.port(0), seconds, options);
                    return Map.of(p50, report.p50(), p99, report.p99());
                });
    }

    private static LoadRow replies(String name, Target[] targets, String... options) {
        Figure rate = Figure.more("replies", "/s", targets);
        Figure lost = Figure.less("lost", "%");
        return new LoadRow(
                name,
                List.of("dnsperf"),
                List.of(UDP),
                1,
                List.of(rate, lost),
                (lab, port) -> DnsEcho.start(port),
                (lab, relay, seconds) -> {
                    Dnsperf.Report report = Dnsperf.run(lab, relay.port(0), seconds, options);
                    return Map.of(rate, report.repliesPerSecond(), lost, report.lostPercent());
                });
    }

    /** iperf3 talks over TCP about its datagrams, so relays without one of both cannot take part. */
    private static LoadRow udpBulk() {
        Figure rate = Figure.more("arrived of 1 Gbit/s", "Gbit/s", DATAGRAMS);
        Figure lost = Figure.less("lost", "%");
        Figure cpu = Figure.less("CPU", "s/GB");
        return new LoadRow(
                "udp-bulk",
                List.of("iperf3"),
                List.of(TCP, UDP),
                1,
                List.of(rate, lost, cpu),
                NO_SERVER,
                (lab, relay, seconds) -> {
                    double before = relay.processes().cpuSeconds();
                    Iperf3.Report report = Iperf3.run(
                            lab, relay.port(0), relay.targetPort(0), seconds, "-u", "-l", "1400", "-b", "1G");
                    double used = relay.processes().cpuSeconds() - before;
                    return relay.isProgram()
                            ? Map.of(
                                    rate,
                                    report.gigabitsPerSecond(),
                                    lost,
                                    report.lostPercent(),
                                    cpu,
                                    used / report.gigabytes())
                            : Map.of(rate, report.gigabitsPerSecond(), lost, report.lostPercent());
                });
    }

    private static LoadRow growth(int wanted) throws IOException {
        int links = possible(wanted);
        Figure rate = Figure.more("requests, links: " + links, "/s", AS_GOOD_AS_COPIERS);
        return new LoadRow(
                "growth-" + wanted,
                List.of("wrk", "nginx"),
                List.of(TCP),
                links,
                List.of(rate),
                Servers::web,
                (lab, relay, seconds) ->
                        Map.of(rate, Wrk.run(lab, relay.port(0), seconds, links).requestsPerSecond()));
    }

    /** A link takes two files of a relay, whose number the system limits. */
    private static int possible(int links) throws IOException {
        return Math.min(links, (Lab.openFiles() - OTHER_FILES) / 2);
    }
}
