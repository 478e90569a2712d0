package io.github.wslproxy.bench.compare.row;

import static io.github.wslproxy.bench.compare.figure.Target.atMost;

import io.github.wslproxy.bench.compare.figure.Figure;
import io.github.wslproxy.bench.compare.figure.Sheet;
import io.github.wslproxy.bench.compare.lab.Lab;
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
 * What more forwards cost: memory and time to listen, more than with one, of 100 forwards and of one range of 1,000 ports.
 * For programs that have all of them in one configuration; those without ranges get a thousand rules.
 */
final class PortsRow implements Row {
    private static final int FORWARDS = 100;
    private static final int RANGE = 1000;

    private final Figure manyTime = Figure.less("100 forwards, to listen", "s more");
    private final Figure manyMemory = Figure.less("100 forwards, RSS", "MB more");
    private final Figure rangeTime = Figure.less("1,000 ports, to listen", "s more", atMost(0.2));
    private final Figure rangeMemory = Figure.less("1,000 ports, RSS", "MB more", atMost(4));

    /** What a start has taken. */
    private record Cost(double seconds, double megabytes) {}

    @Override
    public String name() {
        return "ports";
    }

    @Override
    public List<Figure> figures() {
        return List.of(manyTime, manyMemory, rangeTime, rangeMemory);
    }

    @Override
    public Optional<String> excludes(Program program) {
        if (!program.isRelay()) {
            return Optional.of("no program, no ports");
        }
        return program.mostRoutes() < RANGE ? Optional.of("a process for each forward") : Optional.empty();
    }

    @Override
    public Session open(Lab lab, Pace pace, List<Program> programs, Sheet sheet) {
        return new Session() {
            @Override
            public void round(List<Program> order) throws InterruptedException {
                for (Program program : order) {
                    Attempt.of(program.column(), sheet, () -> sheet.add(program.column(), measure(program, lab, pace)));
                }
            }

            @Override
            public void close() {
                // Each start has been closed.
            }
        };
    }

    private Map<Figure, Double> measure(Program program, Lab lab, Pace pace) throws IOException, InterruptedException {
        Cost one = cost(program, forwards(1, lab), lab, pace);
        Cost many = cost(program, forwards(FORWARDS, lab), lab, pace);
        Route range = new Route(Protocol.TCP, lab.freeRange(RANGE), lab.freeRange(RANGE), RANGE);
        Cost ranged = cost(program, List.of(range), lab, pace);
        lab.giveBackRanges();
        return Map.of(
                manyTime, many.seconds() - one.seconds(),
                manyMemory, many.megabytes() - one.megabytes(),
                rangeTime, ranged.seconds() - one.seconds(),
                rangeMemory, ranged.megabytes() - one.megabytes());
    }

    private static Cost cost(Program program, List<Route> routes, Lab lab, Pace pace)
            throws IOException, InterruptedException {
        Assignment assignment = new Assignment(routes, Assignment.FEW_LINKS, false);
        try (Relay relay = Relay.start(program, assignment, lab)) {
            TimeUnit.SECONDS.sleep(pace.settle());
            return new Cost(
                    relay.timeToListen().toNanos() / 1e9, relay.processes().residentBytes() / 1e6);
        }
    }

    private static List<Route> forwards(int count, Lab lab) throws IOException {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            routes.add(new Route(Protocol.TCP, lab.freePort(), lab.freePort()));
        }
        return routes;
    }
}
