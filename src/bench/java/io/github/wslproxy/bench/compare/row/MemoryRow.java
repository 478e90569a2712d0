package io.github.wslproxy.bench.compare.row;

import static io.github.wslproxy.bench.compare.figure.Target.atLeast;
import static io.github.wslproxy.bench.compare.figure.Target.atMost;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.figure.Figure;
import io.github.wslproxy.bench.compare.figure.Sheet;
import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.load.Iperf3;
import io.github.wslproxy.bench.compare.load.Servers;
import io.github.wslproxy.bench.compare.load.Wrk;
import io.github.wslproxy.bench.compare.program.Assignment;
import io.github.wslproxy.bench.compare.program.Program;
import io.github.wslproxy.bench.compare.program.Protocol;
import io.github.wslproxy.bench.compare.program.Relay;
import io.github.wslproxy.bench.compare.program.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * RSS after a start, right after loads of bulk data and of requests, and some time after they have gone. All programs rest
 * at the same time, as none of them disturbs another then.
 */
final class MemoryRow implements Row {
    private static final int STREAMS = 8;
    private static final int LINKS = 64;

    private final Figure started = Figure.less("RSS after start", "MB", atMost(64));
    private final Figure loaded = Figure.less("RSS after load", "MB", atMost(96));
    private final Figure rested = Figure.less("RSS, load gone", "MB");

    /** "It comes back down" is taken as: half of what the load added, at least. */
    private final Figure returned = Figure.more("given back", "% of the growth", atLeast(50));

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Figure> figures() {
        return List.of(started, loaded, rested, returned);
    }

    @Override
    public List<String> tools() {
        return List.of("iperf3", "wrk", "nginx");
    }

    @Override
    public Optional<String> excludes(Program program) {
        return program.isRelay() ? Optional.empty() : Optional.of("no program, no memory");
    }

    @Override
    public Session open(Lab lab, Pace pace, List<Program> programs, Sheet sheet) {
        return new Session() {
            @Override
            public void round(List<Program> order) throws InterruptedException {
                List<Taken> all = new ArrayList<>();
                try (Relays relays = new Relays()) {
                    for (Program program : order) {
                        Attempt.of(program.column(), sheet, () -> {
                            Route route = new Route(Protocol.TCP, lab.freePort(), lab.freePort());
                            Relay relay = relays.start(program, Assignment.of(route), lab);
                            all.add(relay.during(() -> load(relay, lab, pace)));
                        });
                    }
                    TimeUnit.SECONDS.sleep(pace.rest());
                    for (Taken taken : all) {
                        Column column = taken.relay().column();
                        Attempt.of(column, sheet, () -> sheet.add(column, figures(taken)));
                    }
                }
            }

            @Override
            public void close() {
                // Each round closes what it has opened.
            }
        };
    }

    /** What a program took before the rest. */
    private record Taken(Relay relay, double atStart, double afterLoad) {}

    private Taken load(Relay relay, Lab lab, Pace pace) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(pace.settle());
        double atStart = megabytes(relay);
        Iperf3.run(lab, relay.port(0), relay.targetPort(0), pace.load(), "-P", Integer.toString(STREAMS));
        try (Background web = Servers.web(lab, relay.targetPort(0))) {
            Wrk.run(lab, relay.port(0), pace.load(), LINKS);
            web.requireAlive();
            return new Taken(relay, atStart, megabytes(relay));
        }
    }

    private Map<Figure, Double> figures(Taken taken) throws IOException, InterruptedException {
        double now = taken.relay().during(() -> megabytes(taken.relay()));
        double growth = taken.afterLoad() - taken.atStart();
        return Map.of(
                started,
                taken.atStart(),
                loaded,
                taken.afterLoad(),
                rested,
                now,
                returned,
                growth <= 0 ? 100 : 100 * (taken.afterLoad() - now) / growth);
    }

    private static double megabytes(Relay relay) throws IOException {
        return relay.processes().residentBytes() / 1e6;
    }
}
