package io.github.wslproxy.bench.compare.row;

import static io.github.wslproxy.bench.compare.figure.Target.atMost;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.figure.Figure;
import io.github.wslproxy.bench.compare.figure.Sheet;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.lab.ProcessTree;
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
 * What a program takes of one core while nobody uses it, with wslproxy's probe running at its default interval. "With the
 * probe" counts its processes too, "probe apart" the program alone. All programs idle at the same time.
 */
final class IdleRow implements Row {
    private final Figure withProbe = Figure.less("idle CPU, with the probe", "%");
    private final Figure apart = Figure.less("idle CPU, probe apart", "%", atMost(0.2));

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public List<Figure> figures() {
        return List.of(withProbe, apart);
    }

    @Override
    public Optional<String> excludes(Program program) {
        return program.isRelay() ? Optional.empty() : Optional.of("no program, no CPU");
    }

    @Override
    public Session open(Lab lab, Pace pace, List<Program> programs, Sheet sheet) throws InterruptedException {
        Relays relays = new Relays();
        for (Program program : programs) {
            Attempt.of(program.column(), sheet, () -> {
                Route route = new Route(Protocol.TCP, lab.freePort(), lab.freePort());
                Assignment assignment = new Assignment(List.of(route), Assignment.FEW_LINKS, true);
                relays.start(program, assignment, lab);
            });
        }
        TimeUnit.SECONDS.sleep(pace.settle());
        return new Session() {
            @Override
            public void round(List<Program> order) throws InterruptedException {
                List<Idling> idling = new ArrayList<>();
                for (Program program : order) {
                    Column column = program.column();
                    Attempt.of(column, sheet, () -> idling.add(Idling.since(relays.of(column))));
                }
                TimeUnit.SECONDS.sleep(pace.rest());
                for (Idling one : idling) {
                    Column column = one.relay().column();
                    Attempt.of(column, sheet, () -> sheet.add(column, percent(one)));
                }
            }

            @Override
            public void close() {
                relays.close();
            }
        };
    }

    /** A program at the first of two looks. */
    private record Idling(Relay relay, long nanoTime, double cpuSeconds, double cpuSecondsApart) {
        static Idling since(Relay relay) throws IOException {
            ProcessTree processes = relay.processes();
            return new Idling(relay, System.nanoTime(), processes.cpuSeconds(), processes.cpuSecondsWithoutChildren());
        }
    }

    private Map<Figure, Double> percent(Idling before) throws IOException, InterruptedException {
        Idling now = before.relay().during(() -> Idling.since(before.relay()));
        double seconds = (now.nanoTime() - before.nanoTime()) / 1e9;
        double all = 100 * (now.cpuSeconds() - before.cpuSeconds()) / seconds;
        if (before.relay().column().kind() != Column.Kind.OURS) {
            return Map.of(apart, all);
        }
        return Map.of(withProbe, all, apart, 100 * (now.cpuSecondsApart() - before.cpuSecondsApart()) / seconds);
    }
}
