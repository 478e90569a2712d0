package io.github.wslproxy.status;

import io.github.wslproxy.status.Snapshot.ForwardState;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                "up",
                "172.30.98.229",
                begin.plusSeconds(1_871),
                "the only address in the network of vEthernet (WSL)",
                "",
                Duration.ZERO);
        Map<String, Snapshot.LimitView> limits = new LinkedHashMap<>();
        limits.put("connections", new Snapshot.LimitView(7, 8192, 0));
        limits.put("connecting", new Snapshot.LimitView(0, 1024, 0));
        limits.put("sessions", new Snapshot.LimitView(2, 4096, 0));
        limits.put("direct_memory", new Snapshot.LimitView(4_194_304, 67_108_864, 0));
        limits.put("rate", new Snapshot.LimitView(1, 1000, 0));
        List<Snapshot.ForwardView> forwards = List.of(vite(now), game(now), share(), database());
        return new Snapshot(
                "1.0.0",
                4321,
                Optional.empty(),
                Duration.ofMinutes(42),
                "",
                "",
                "",
                target,
                limits,
                forwards,
                events());
    }

    private static Snapshot.ForwardView vite(long now) {
        return used("vite", "tcp", 5173, List.of(client("192.168.1.50", 4), client("192.168.1.63", 3)))
                .bytes(sum(now, 9_000, 11), sum(now, 420_000, 7))
                .view();
    }

    private static Snapshot.ForwardView game(long now) {
        return used("game", "udp", 27_015, List.of(client("192.168.1.71", 2)))
                .bytes(sum(now, 60_000, 5), sum(now, 75_000, 9))
                .view();
    }

    private static Snapshot.ForwardView share() {
        return used("share-8000", "tcp", 8000, List.of())
                .sharedUntil(Instant.now().plus(Duration.ofMinutes(109)))
                .toml("[[forward]]\nport = 8000\n")
                .view();
    }

    private static Snapshot.ForwardView database() {
        return used("database", "tcp", 5432, List.of())
                .state(ForwardState.FAILED, "0.0.0.0:5432: the port is in use by postgres.exe (pid 5120)")
                .urls(List.of())
                .view();
    }

    private static Snapshot.ClientView client(String address, int open) {
        return new Snapshot.ClientView(address, open);
    }

    private static SampleForward used(String name, String protocol, int port, List<Snapshot.ClientView> clients) {
        String host = "192.168.1.20:" + port;
        int open = clients.stream().mapToInt(Snapshot.ClientView::open).sum();
        SampleForward forward = SampleForward.of(name, port)
                .protocol(protocol)
                .resolved("172.30.98.229:" + port)
                .counts(open, open * 31L, 0)
                .urls(List.of(protocol.equals("udp") ? host : "http://" + host + "/"))
                .clients(clients);
        return clients.isEmpty()
                ? forward
                : forward.lastClient(StatusSamples.client(clients.get(0).address(), Instant.now()));
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

    /** Bytes so far at a rate that comes and goes in waves. */
    private static long sum(long seconds, double rate, int period) {
        double wave = seconds - 0.6 * period * Math.cos(seconds / (double) period) - Math.cos(seconds / 2.0) / 2;
        return (long) (rate * wave);
    }
}
