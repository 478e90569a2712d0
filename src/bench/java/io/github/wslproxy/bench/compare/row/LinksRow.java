package io.github.wslproxy.bench.compare.row;

import static io.github.wslproxy.bench.compare.figure.Target.atMost;

import io.github.wslproxy.bench.compare.figure.Figure;
import io.github.wslproxy.bench.compare.figure.Sheet;
import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.load.IdleLinks;
import io.github.wslproxy.bench.compare.load.LinkSink;
import io.github.wslproxy.bench.compare.program.Assignment;
import io.github.wslproxy.bench.compare.program.Program;
import io.github.wslproxy.bench.compare.program.Protocol;
import io.github.wslproxy.bench.compare.program.Relay;
import io.github.wslproxy.bench.compare.program.Route;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What an open link takes of a program's memory: by how much RSS grows with many that have carried a byte and then idle.
 * Each round starts it anew, and opens a few links first, since the first ones load code.
 */
final class LinksRow implements Row {
    private static final int FIRST_LINKS = 100;

    private final int links;
    private final Figure memory = Figure.less("memory per idle link", "KB", atMost(4));

    LinksRow(int links) {
        this.links = links;
    }

    @Override
    public String name() {
        return "links";
    }

    @Override
    public List<Figure> figures() {
        return List.of(memory);
    }

    @Override
    public Optional<String> excludes(Program program) {
        if (!program.isRelay()) {
            return Optional.of("no program, no memory");
        }
        return program.mostLinks() < links ? Optional.of("it cannot hold " + links + " links here") : Optional.empty();
    }

    @Override
    public Session open(Lab lab, Pace pace, List<Program> programs, Sheet sheet)
            throws IOException, InterruptedException {
        int target = lab.freePort();
        Background server = LinkSink.start(lab, target);
        return new Session() {
            @Override
            public void round(List<Program> order) throws InterruptedException {
                for (Program program : order) {
                    Attempt.of(program.column(), sheet, () -> {
                        double bytes = bytesPerLink(program, lab, pace, target);
                        sheet.add(program.column(), Map.of(memory, bytes / 1e3));
                    });
                }
            }

            @Override
            public void close() {
                server.close();
            }
        };
    }

    private double bytesPerLink(Program program, Lab lab, Pace pace, int target)
            throws IOException, InterruptedException {
        Route route = new Route(Protocol.TCP, lab.freePort(), target);
        try (Relay relay = Relay.start(program, new Assignment(List.of(route), links, false), lab)) {
            return relay.during(() -> bytesPerLink(relay, pace));
        }
    }

    private double bytesPerLink(Relay relay, Pace pace) throws IOException, InterruptedException {
        try (IdleLinks open = new IdleLinks()) {
            open.open(FIRST_LINKS, relay.port(0));
            TimeUnit.SECONDS.sleep(pace.settle());
            long before = relay.processes().residentBytes();
            open.open(links - FIRST_LINKS, relay.port(0));
            TimeUnit.SECONDS.sleep(pace.settle());
            long after = relay.processes().residentBytes();
            return (double) (after - before) / (links - FIRST_LINKS);
        }
    }
}
