package io.github.wslproxy.bench.compare.row;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.figure.Figure;
import io.github.wslproxy.bench.compare.figure.Sheet;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.program.Assignment;
import io.github.wslproxy.bench.compare.program.Program;
import io.github.wslproxy.bench.compare.program.Protocol;
import io.github.wslproxy.bench.compare.program.Relay;
import io.github.wslproxy.bench.compare.program.Route;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A load on programs that stay up for all rounds, since that is how they are used: each is started for this row alone, and
 * loaded once before it counts.
 *
 * @param protocols that it needs; both are on one port
 * @param links how many it holds at once
 */
record LoadRow(
        String name,
        List<String> tools,
        List<Protocol> protocols,
        int links,
        List<Figure> figures,
        Server server,
        Load load)
        implements Row {

    /** What all relays lead to. */
    interface Server {
        Closeable start(Lab lab, int port) throws IOException, InterruptedException;
    }

    /** One run. */
    interface Load {
        /** Loads the relay once, and has a value for each figure that there is one for. */
        Map<Figure, Double> run(Lab lab, Relay relay, int seconds) throws IOException, InterruptedException;
    }

    @Override
    public Optional<String> excludes(Program program) {
        for (Protocol protocol : protocols) {
            if (!program.carries(protocol)) {
                return Optional.of("it has no " + protocol);
            }
        }
        return program.mostLinks() < links ? Optional.of("it cannot hold " + links + " links here") : Optional.empty();
    }

    @Override
    public Session open(Lab lab, Pace pace, List<Program> programs, Sheet sheet)
            throws IOException, InterruptedException {
        int target = lab.freePort();
        Loaded session = new Loaded(lab, pace, sheet, server.start(lab, target));
        for (Program program : programs) {
            Attempt.of(program.column(), sheet, () -> session.warmUp(program, assignment(lab.freePort(), target)));
        }
        return session;
    }

    private Assignment assignment(int listen, int target) {
        List<Route> routes = protocols.stream()
                .map(protocol -> new Route(protocol, listen, target))
                .toList();
        return new Assignment(routes, Math.max(links, Assignment.FEW_LINKS), false);
    }

    private final class Loaded implements Session {
        private final Lab lab;
        private final Pace pace;
        private final Sheet sheet;
        private final Closeable server;
        private final Relays relays = new Relays();

        private Loaded(Lab lab, Pace pace, Sheet sheet, Closeable server) {
            this.lab = lab;
            this.pace = pace;
            this.sheet = sheet;
            this.server = server;
        }

        void warmUp(Program program, Assignment assignment) throws IOException, InterruptedException {
            Relay relay = relays.start(program, assignment, lab);
            relay.during(() -> load.run(lab, relay, pace.warmUp()));
        }

        @Override
        public void round(List<Program> order) throws InterruptedException {
            for (Program program : order) {
                Column column = program.column();
                Attempt.of(column, sheet, () -> {
                    Relay relay = relays.of(column);
                    sheet.add(column, relay.during(() -> load.run(lab, relay, pace.load())));
                });
            }
        }

        @Override
        public void close() throws IOException {
            relays.close();
            server.close();
        }
    }
}
