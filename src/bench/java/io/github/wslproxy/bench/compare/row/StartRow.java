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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * From exec to listening, the median of some starts in each round. One start before the first round makes the caches warm.
 */
final class StartRow implements Row {
    private final Figure time = Figure.less("exec to listening", "s", atMost(0.5));

    @Override
    public String name() {
        return "start";
    }

    @Override
    public List<Figure> figures() {
        return List.of(time);
    }

    @Override
    public Optional<String> excludes(Program program) {
        return program.isRelay() ? Optional.empty() : Optional.of("no program, no start");
    }

    @Override
    public Session open(Lab lab, Pace pace, List<Program> programs, Sheet sheet) throws InterruptedException {
        for (Program program : programs) {
            Attempt.of(program.column(), sheet, () -> seconds(program, lab, pace.settle()));
        }
        return new Session() {
            @Override
            public void round(List<Program> order) throws InterruptedException {
                for (Program program : order) {
                    Attempt.of(program.column(), sheet, () -> {
                        double[] starts = new double[pace.starts()];
                        for (int i = 0; i < starts.length; i++) {
                            starts[i] = seconds(program, lab, 0);
                        }
                        Arrays.sort(starts);
                        sheet.add(program.column(), Map.of(time, starts[starts.length / 2]));
                    });
                }
            }

            @Override
            public void close() {
                // Each start has been closed.
            }
        };
    }

    private static double seconds(Program program, Lab lab, int stay) throws IOException, InterruptedException {
        Route route = new Route(Protocol.TCP, lab.freePort(), lab.freePort());
        try (Relay relay = Relay.start(program, Assignment.of(route), lab)) {
            TimeUnit.SECONDS.sleep(stay);
            return relay.timeToListen().toNanos() / 1e9;
        }
    }
}
