package io.github.wslproxy.status;

import io.github.wslproxy.relay.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Snapshots to show. */
public final class StatusSamples {
    /** A name with everything that one of the formats has to escape. */
    public static final String NASTY = "a\"b\\c\n<script>alert('1')</script>&amp;\t\u0001\u2028é漢😀";

    private static final Instant SINCE = Instant.parse("2026-11-22T01:02:03.456Z");

    private static final Optional<Snapshot.Java> JAVA = Optional.of(new Snapshot.Java("17.0.12", false, true));

    private static final List<Snapshot.LimitView> LIMITS = List.of(
            new Snapshot.LimitView("connections", 17, 8192, 0),
            new Snapshot.LimitView("connecting", 2, 1024, 5),
            new Snapshot.LimitView("sessions", 3, 4096, 6_000_000_000L),
            new Snapshot.LimitView("direct_memory", 4_194_304, 67_108_864, 0),
            new Snapshot.LimitView("rate", 1, 1000, 7));

    private static final List<Snapshot.Event> EVENTS = List.of(
            new Snapshot.Event(SINCE, "info", "WSL is at 172.30.98.229"),
            new Snapshot.Event(SINCE, "warn", "[n\u00e9 <b>\"] refused"));

    private StatusSamples() {}

    public static Snapshot of(Snapshot.ForwardView... forwards) {
        Snapshot.Target target = new Snapshot.Target("up", "172.30.98.229", SINCE, "the only address");
        return new Snapshot(
                "0.1.0", 4321, JAVA, Duration.ofMillis(3_725_999), "", target, LIMITS, List.of(forwards), EVENTS);
    }

    public static Snapshot inState(String state, String address) {
        Snapshot.Target target = new Snapshot.Target(state, address, SINCE, NASTY);
        return new Snapshot(NASTY, 1, Optional.empty(), Duration.ZERO, NASTY, target, List.of(), List.of(), List.of());
    }

    public static Snapshot.ForwardView listening(String name) {
        return new Snapshot.ForwardView(
                name,
                "tcp",
                List.of("0.0.0.0:5173", "[::]:5173"),
                "wsl:5173",
                "172.30.98.229:5173",
                1,
                Snapshot.State.LISTENING,
                "",
                1,
                20,
                3,
                4096,
                5_000_000_000L,
                Optional.empty(),
                Optional.of(new Snapshot.LastClient("192.168.1.50", SINCE)),
                "192.168.1.20:50001",
                Snapshot.Origin.SHARE,
                Optional.of(SINCE),
                List.of("http://192.168.1.7:5173/"),
                List.of(new Snapshot.ClientView("192.168.1.50", 1)),
                "",
                "",
                "private");
    }

    public static Snapshot.ForwardView failed(String text) {
        return new Snapshot.ForwardView(
                text,
                text,
                List.of(text),
                text,
                "",
                0,
                Snapshot.State.FAILED,
                text,
                0,
                0,
                0,
                0,
                Long.MAX_VALUE,
                Optional.of(new Snapshot.LastProblem(
                        SINCE, text, text, Optional.of(Refusal.Code.CONNECT_FAILED), text, "", Optional.empty())),
                Optional.of(new Snapshot.LastClient(text, SINCE, text, Optional.of(Refusal.Code.CONNECT_FAILED), text)),
                text,
                Snapshot.Origin.FILE,
                Optional.empty(),
                List.of(text),
                List.of(new Snapshot.ClientView(text, 7)),
                "",
                "");
    }

    /** One that has kept a client out as {@code allow} does not hold it. */
    public static Snapshot.ForwardView keptOut(String name, String client) {
        Optional<Refusal.Code> code = Optional.of(Refusal.Code.NOT_ALLOWED);
        String why = client + " is not in allow of " + name;
        String cure = "add " + client;
        return new Snapshot.ForwardView(
                name,
                "tcp",
                List.of("*:5173"),
                "wsl:5173",
                "172.30.98.229:5173",
                1,
                Snapshot.State.LISTENING,
                "",
                0,
                0,
                1,
                0,
                0,
                Optional.of(new Snapshot.LastProblem(SINCE, client + ":50001", why, code, "", cure, Optional.empty())),
                Optional.of(new Snapshot.LastClient(client, SINCE, why, code, cure)),
                "",
                Snapshot.Origin.FILE,
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                "");
    }

    /** One that listens, with these URLs. */
    public static Snapshot.ForwardView reachedAt(String name, List<String> urls) {
        Snapshot.ForwardView forward = listening(name);
        return new Snapshot.ForwardView(
                forward.name(),
                forward.protocol(),
                forward.listen(),
                forward.target(),
                forward.resolved(),
                forward.listening(),
                forward.state(),
                forward.error(),
                forward.open(),
                forward.accepted(),
                forward.refused(),
                forward.bytesIn(),
                forward.bytesOut(),
                forward.lastProblem(),
                forward.lastClient(),
                forward.lastOwnClient(),
                forward.origin(),
                forward.endsAt(),
                urls,
                forward.clients(),
                "",
                "");
    }

    /** One that listens, where no other device comes, for a reason. */
    public static Snapshot.ForwardView unreachable(String name, String why) {
        Snapshot.ForwardView forward = listening(name);
        return new Snapshot.ForwardView(
                forward.name(),
                forward.protocol(),
                forward.listen(),
                forward.target(),
                forward.resolved(),
                forward.listening(),
                forward.state(),
                forward.error(),
                forward.open(),
                forward.accepted(),
                forward.refused(),
                forward.bytesIn(),
                forward.bytesOut(),
                forward.lastProblem(),
                forward.lastClient(),
                forward.lastOwnClient(),
                forward.origin(),
                forward.endsAt(),
                List.of(),
                forward.clients(),
                "",
                why);
    }

    static Snapshot.ForwardView paused(Snapshot.ForwardView forward) {
        return new Snapshot.ForwardView(
                forward.name(),
                forward.protocol(),
                forward.listen(),
                forward.target(),
                forward.resolved(),
                forward.listening(),
                Snapshot.State.PAUSED,
                forward.error(),
                forward.open(),
                forward.accepted(),
                forward.refused(),
                forward.bytesIn(),
                forward.bytesOut(),
                forward.lastProblem(),
                forward.lastClient(),
                forward.lastOwnClient(),
                forward.origin(),
                forward.endsAt(),
                forward.urls(),
                forward.clients(),
                "",
                "");
    }

    /** The same after whoever it befell was served. */
    public static Snapshot.ForwardView servedSince(Snapshot.ForwardView forward) {
        return new Snapshot.ForwardView(
                forward.name(),
                forward.protocol(),
                forward.listen(),
                forward.target(),
                forward.resolved(),
                forward.listening(),
                forward.state(),
                forward.error(),
                forward.open(),
                forward.accepted(),
                forward.refused(),
                forward.bytesIn(),
                forward.bytesOut(),
                forward.lastProblem().map(StatusSamples::servedSince),
                forward.lastClient(),
                forward.lastOwnClient(),
                forward.origin(),
                forward.endsAt(),
                forward.urls(),
                forward.clients(),
                "",
                "");
    }

    private static Snapshot.LastProblem servedSince(Snapshot.LastProblem problem) {
        return new Snapshot.LastProblem(
                problem.at(),
                problem.client(),
                problem.text(),
                problem.code(),
                problem.limit(),
                problem.cure(),
                Optional.of(SINCE));
    }

    static Snapshot.ForwardView withoutUrls(Snapshot.ForwardView forward) {
        return new Snapshot.ForwardView(
                forward.name(),
                forward.protocol(),
                forward.listen(),
                forward.target(),
                forward.resolved(),
                forward.listening(),
                forward.state(),
                forward.error(),
                forward.open(),
                forward.accepted(),
                forward.refused(),
                forward.bytesIn(),
                forward.bytesOut(),
                forward.lastProblem(),
                forward.lastClient(),
                forward.lastOwnClient(),
                forward.origin(),
                forward.endsAt(),
                List.of(),
                forward.clients(),
                "",
                "");
    }

    /** Every field with a value and every field without, every state, every origin, and every character to escape. */
    static Snapshot ofEveryKind() {
        Snapshot.ForwardView shared = listening("vite");
        Snapshot.ForwardView appeared = new Snapshot.ForwardView(
                shared.name(),
                "tcp+udp",
                List.of(),
                shared.target(),
                "",
                0,
                Snapshot.State.WAITING,
                "WSL is stopped",
                2,
                20,
                3,
                4096,
                Long.MAX_VALUE,
                Optional.of(new Snapshot.LastProblem(
                        SINCE,
                        "10.0.0.1:50001",
                        "limit reached",
                        Optional.of(Refusal.Code.FORWARD_LIMIT),
                        "max_connections",
                        "raise max_connections",
                        Optional.of(SINCE.plusSeconds(7)))),
                Optional.empty(),
                "",
                Snapshot.Origin.AUTO,
                Optional.empty(),
                List.of(),
                List.of(new Snapshot.ClientView("10.0.0.1", 1), new Snapshot.ClientView("fd00::/64", 1)),
                "[[forward]]\nport = 8000\n",
                "it does not listen now",
                "");
        Snapshot.LastProblem other =
                new Snapshot.LastProblem(SINCE, "", "the target is gone", Optional.empty(), "", "", Optional.empty());
        Snapshot.ForwardView bare = new Snapshot.ForwardView(
                "bare",
                "udp",
                List.of("*:1"),
                "wsl:1",
                "",
                0,
                Snapshot.State.PAUSED,
                "",
                0,
                0,
                0,
                0,
                0,
                Optional.of(other),
                Optional.empty(),
                "",
                Snapshot.Origin.FILE,
                Optional.empty(),
                List.of(),
                List.of(),
                "",
                "",
                "private, 10.0.0.1");
        Snapshot.Target target = new Snapshot.Target("down", "", SINCE, "it stopped", "hold", Duration.ofMillis(8_250));
        return new Snapshot(
                        "0.1.0",
                        4321,
                        JAVA,
                        Duration.ofMillis(3_725_999),
                        "line 3 is odd",
                        target,
                        LIMITS,
                        List.of(shared, appeared, bare, failed(NASTY), keptOut("web", "10.0.0.1")),
                        EVENTS)
                .withConfig("C:\\Users\\me\\proxy.toml", "--config \"C:\\Users\\me\\proxy.toml\"");
    }
}
