package io.github.wslproxy.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A proxy at work, on which a second passes each time it is asked. Its addresses are of nobody's network. */
final class FakeTraffic implements Supplier<Snapshot> {
    private final Instant begin = Instant.now().minus(Duration.ofMinutes(42));
    private final AtomicLong seconds = new AtomicLong(600);

    @Override
    public Snapshot get() {
        long now = seconds.incrementAndGet();
        Snapshot.Target target = new Snapshot.Target(
                "up", "172.30.98.229", begin.plusSeconds(1_871), "the only address in the network of vEthernet (WSL)");
        return new Snapshot(
                "1.0.0",
                4321,
                Optional.empty(),
                Duration.ofMinutes(42),
                "",
                target,
                List.of(
                        new Snapshot.LimitView("connections", 7, 8192, 0),
                        new Snapshot.LimitView("connecting", 0, 1024, 0),
                        new Snapshot.LimitView("sessions", 2, 4096, 0),
                        new Snapshot.LimitView("direct_memory", 4_194_304, 67_108_864, 0),
                        new Snapshot.LimitView("rate", 1, 1000, 0)),
                List.of(vite(now), game(now), share(), database()),
                events());
    }

    private Snapshot.ForwardView vite(long now) {
        return forward("vite", "tcp", 5173, Snapshot.State.LISTENING)
                .traffic(sum(now, 9_000, 11), sum(now, 420_000, 7))
                .clients(new Snapshot.ClientView("192.168.1.50", 4), new Snapshot.ClientView("192.168.1.63", 3))
                .view();
    }

    private Snapshot.ForwardView game(long now) {
        return forward("game", "udp", 27_015, Snapshot.State.LISTENING)
                .traffic(sum(now, 60_000, 5), sum(now, 75_000, 9))
                .clients(new Snapshot.ClientView("192.168.1.71", 2))
                .view();
    }

    private static Snapshot.ForwardView share() {
        return forward("share-8000", "tcp", 8000, Snapshot.State.LISTENING)
                .until(Instant.now().plus(Duration.ofMinutes(109)))
                .view();
    }

    private Snapshot.ForwardView database() {
        return forward("database", "tcp", 5432, Snapshot.State.FAILED)
                .error("0.0.0.0:5432: the port is in use by postgres.exe (pid 5120)")
                .view();
    }

    private List<Snapshot.Event> events() {
        return List.of(
                new Snapshot.Event(begin, "info", "WSL is at 172.30.97.14"),
                new Snapshot.Event(begin.plusSeconds(60), "error", "[database] cannot listen on 0.0.0.0:5432"),
                new Snapshot.Event(
                        begin.plusSeconds(900),
                        "warn",
                        "[vite] 203.0.113.9 tcp refused: 203.0.113.9 is not in allow of \"vite\""),
                new Snapshot.Event(
                        begin.plusSeconds(1_871), "info", "WSL has moved from 172.30.97.14 to 172.30.98.229"),
                new Snapshot.Event(begin.plusSeconds(2_460), "info", "[share-8000] shares tcp port 8000 for 2h"));
    }

    /** Of a rate that comes and goes in waves. */
    private static long sum(long seconds, double rate, int period) {
        double wave = seconds - 0.6 * period * Math.cos(seconds / (double) period) - Math.cos(seconds / 2.0) / 2;
        return (long) (rate * wave);
    }

    private static Sketch forward(String name, String protocol, int port, Snapshot.State state) {
        return new Sketch(name, protocol, port, state);
    }

    /** A forward on every address, of which only what differs is named. */
    private static final class Sketch {
        private final String name;
        private final String protocol;
        private final int port;
        private final Snapshot.State state;
        private String error = "";
        private long in;
        private long out;
        private Optional<Instant> endsAt = Optional.empty();
        private List<Snapshot.ClientView> clients = List.of();

        Sketch(String name, String protocol, int port, Snapshot.State state) {
            this.name = name;
            this.protocol = protocol;
            this.port = port;
            this.state = state;
        }

        Sketch error(String text) {
            error = text;
            return this;
        }

        Sketch traffic(long bytesIn, long bytesOut) {
            in = bytesIn;
            out = bytesOut;
            return this;
        }

        Sketch until(Instant end) {
            endsAt = Optional.of(end);
            return this;
        }

        Sketch clients(Snapshot.ClientView... views) {
            clients = List.of(views);
            return this;
        }

        Snapshot.ForwardView view() {
            String host = "192.168.1.20:" + port;
            boolean listens = state == Snapshot.State.LISTENING;
            List<String> urls = protocol.equals("udp") ? List.of(host) : List.of("http://" + host + "/");
            int open = clients.stream().mapToInt(Snapshot.ClientView::open).sum();
            return new Snapshot.ForwardView(
                    name,
                    protocol,
                    List.of("*:" + port),
                    "wsl:" + port,
                    "172.30.98.229:" + port,
                    listens ? 1 : 0,
                    state,
                    error,
                    open,
                    open * 31L,
                    0,
                    in,
                    out,
                    Optional.empty(),
                    clients.stream()
                            .findFirst()
                            .map(client -> new Snapshot.LastClient(client.address(), Instant.now())),
                    "",
                    endsAt.isPresent() ? Snapshot.Origin.SHARE : Snapshot.Origin.FILE,
                    endsAt,
                    listens ? urls : List.of(),
                    clients,
                    endsAt.isPresent() ? "[[forward]]\nport = " + port + "\n" : "",
                    "");
        }
    }
}
