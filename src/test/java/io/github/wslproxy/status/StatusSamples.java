package io.github.wslproxy.status;

import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.status.Snapshot.ClientView;
import io.github.wslproxy.status.Snapshot.Event;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.LastClient;
import io.github.wslproxy.status.Snapshot.LastProblem;
import io.github.wslproxy.status.Snapshot.LimitView;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.status.Snapshot.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Snapshots to show. */
public final class StatusSamples {
    /** A name with everything that one of the formats has to escape. */
    public static final String NASTY = "a\"b\\c\n<script>alert('1')</script>&amp;\t\u0001\u2028é漢😀";

    private static final Instant SINCE = Instant.parse("2026-11-22T01:02:03.456Z");

    private static final Optional<Snapshot.Java> JAVA = Optional.of(new Snapshot.Java("17.0.12", false, true));

    private static final List<Event> EVENTS = List.of(
            new Event(SINCE, "info", "WSL is at 172.30.98.229"), new Event(SINCE, "warn", "[n\u00e9 <b>\"] refused"));

    private StatusSamples() {}

    public static Snapshot of(ForwardView... forwards) {
        return of(target("up", "172.30.98.229"), forwards);
    }

    public static Snapshot of(Target target, ForwardView... forwards) {
        return new Snapshot(
                "0.1.0",
                4321,
                JAVA,
                Duration.ofMillis(3_725_999),
                "",
                "",
                "",
                target,
                limits(),
                List.of(forwards),
                EVENTS);
    }

    public static Target target(String state, String address) {
        return new Target(state, address, SINCE, "the only address", "", Duration.ZERO);
    }

    private static Map<String, LimitView> limits() {
        Map<String, LimitView> limits = new LinkedHashMap<>();
        limits.put("connections", new LimitView(17, 8192, 0));
        limits.put("connecting", new LimitView(2, 1024, 5));
        limits.put("sessions", new LimitView(3, 4096, 6_000_000_000L));
        limits.put("direct_memory", new LimitView(4_194_304, 67_108_864, 0));
        limits.put("rate", new LimitView(1, 1000, 7));
        return Collections.unmodifiableMap(limits);
    }

    public static Snapshot inState(String state, String address) {
        Target target = new Target(state, address, SINCE, NASTY, "", Duration.ZERO);
        return new Snapshot(
                NASTY, 1, Optional.empty(), Duration.ZERO, "", "", NASTY, target, Map.of(), List.of(), List.of());
    }

    public static Snapshot withConfig(Snapshot snapshot, String file, String option) {
        return new Snapshot(
                snapshot.version(),
                snapshot.pid(),
                snapshot.java(),
                snapshot.uptime(),
                file,
                option,
                snapshot.configError(),
                snapshot.target(),
                snapshot.limits(),
                snapshot.forwards(),
                snapshot.events());
    }

    public static Snapshot withProcess(Snapshot snapshot, long pid, Optional<Snapshot.Java> java, Duration uptime) {
        return new Snapshot(
                snapshot.version(),
                pid,
                java,
                uptime,
                snapshot.config(),
                snapshot.configOption(),
                snapshot.configError(),
                snapshot.target(),
                snapshot.limits(),
                snapshot.forwards(),
                snapshot.events());
    }

    public static Snapshot withNews(Snapshot snapshot, String configError, List<Event> events) {
        return new Snapshot(
                snapshot.version(),
                snapshot.pid(),
                snapshot.java(),
                snapshot.uptime(),
                snapshot.config(),
                snapshot.configOption(),
                configError,
                snapshot.target(),
                snapshot.limits(),
                snapshot.forwards(),
                events);
    }

    /** A client that was not turned away. */
    public static LastClient client(String address, Instant at) {
        return new LastClient(address, at, true, "", Optional.empty(), "");
    }

    /** A client that was turned away. */
    public static LastClient refusedClient(
            String address, Instant at, String why, Optional<RefusalCode> code, String cure) {
        return new LastClient(address, at, false, why, code, cure);
    }

    public static ForwardView listening(String name) {
        return SampleForward.of(name, 5173)
                .listen(List.of("0.0.0.0:5173", "[::]:5173"))
                .resolved("172.30.98.229:5173")
                .counts(1, 20, 3)
                .bytes(4096, 5_000_000_000L)
                .lastClient(client("192.168.1.50", SINCE))
                .lastOwnClient("192.168.1.20:50001")
                .sharedUntil(SINCE)
                .urls(List.of("http://192.168.1.7:5173/"))
                .clients(List.of(new ClientView("192.168.1.50", 1)))
                .clientsAllowed("private")
                .view();
    }

    public static ForwardView failed(String text) {
        Optional<RefusalCode> code = Optional.of(RefusalCode.CONNECT_FAILED);
        return SampleForward.of(text, 1)
                .protocol(text)
                .listen(List.of(text))
                .target(text)
                .state(ForwardState.FAILED, text)
                .bytes(0, Long.MAX_VALUE)
                .lastProblem(new LastProblem(SINCE, text, text, code, text, "", Optional.empty()))
                .lastClient(refusedClient(text, SINCE, text, code, text))
                .lastOwnClient(text)
                .urls(List.of(text))
                .clients(List.of(new ClientView(text, 7)))
                .view();
    }

    /** One that has kept a client out as {@code allow} does not hold it. */
    public static ForwardView keptOut(String name, String client) {
        Optional<RefusalCode> code = Optional.of(RefusalCode.NOT_ALLOWED);
        String why = client + " is not in allow of " + name;
        String cure = "add " + client;
        return SampleForward.of(name, 5173)
                .resolved("172.30.98.229:5173")
                .counts(0, 0, 1)
                .lastProblem(new LastProblem(SINCE, client + ":50001", why, code, "", cure, Optional.empty()))
                .lastClient(refusedClient(client, SINCE, why, code, cure))
                .view();
    }

    /** One that listens, with these URLs. */
    public static ForwardView reachedAt(String name, List<String> urls) {
        return SampleForward.like(listening(name)).urls(urls).view();
    }

    /** One that listens, where no other device comes, for a reason. */
    public static ForwardView unreachable(String name, String why) {
        return SampleForward.like(listening(name)).urls(List.of()).whyNoUrl(why).view();
    }

    static ForwardView paused(ForwardView forward) {
        return SampleForward.like(forward)
                .state(ForwardState.PAUSED, forward.error())
                .view();
    }

    /** One whose last problem is over. */
    public static ForwardView servedSince(ForwardView forward) {
        LastProblem problem = forward.lastProblem().orElseThrow();
        return SampleForward.like(forward)
                .lastProblem(new LastProblem(
                        problem.at(),
                        problem.client(),
                        problem.text(),
                        problem.code(),
                        problem.limit(),
                        problem.cure(),
                        Optional.of(SINCE)))
                .view();
    }

    static ForwardView withoutUrls(ForwardView forward) {
        return SampleForward.like(forward).urls(List.of()).view();
    }

    /** Every field with a value and every field without, every state, every origin, and every character to escape. */
    static Snapshot ofEveryKind() {
        ForwardView appeared = SampleForward.of("vite", 5173)
                .protocol("tcp+udp")
                .listen(List.of())
                .state(ForwardState.WAITING, "WSL is stopped")
                .counts(2, 20, 3)
                .bytes(4096, Long.MAX_VALUE)
                .lastProblem(new LastProblem(
                        SINCE,
                        "10.0.0.1:50001",
                        "limit reached",
                        Optional.of(RefusalCode.FORWARD_LIMIT),
                        "max_connections",
                        "raise max_connections",
                        Optional.of(SINCE.plusSeconds(7))))
                .origin(Origin.AUTO)
                .clients(List.of(new ClientView("10.0.0.1", 1), new ClientView("fd00::/64", 1)))
                .toml("[[forward]]\nport = 8000\n")
                .whyNoUrl("it does not listen now")
                .view();
        ForwardView bare = SampleForward.of("bare", 1)
                .protocol("udp")
                .state(ForwardState.PAUSED, "")
                .lastProblem(
                        new LastProblem(SINCE, "", "the target is gone", Optional.empty(), "", "", Optional.empty()))
                .clientsAllowed("private, 10.0.0.1")
                .view();
        return new Snapshot(
                "0.1.0",
                4321,
                JAVA,
                Duration.ofMillis(3_725_999),
                "C:\\Users\\me\\proxy.toml",
                "--config \"C:\\Users\\me\\proxy.toml\"",
                "line 3 is odd",
                new Target("down", "", SINCE, "it stopped", "hold", Duration.ofMillis(8_250)),
                limits(),
                List.of(listening("vite"), appeared, bare, failed(NASTY), keptOut("web", "10.0.0.1")),
                EVENTS);
    }

    /** The document of {@code /api/status}. */
    static String json(Snapshot snapshot) {
        return new String(StatusJson.bytes(snapshot), StandardCharsets.UTF_8);
    }

    /** The usual limits with another deadline. */
    static StatusServer.Limits within(Duration deadline) {
        StatusServer.Limits usual = StatusServer.Limits.USUAL;
        return new StatusServer.Limits(usual.connections(), usual.idle(), deadline, usual.period());
    }

    /** Limits with another time between two looks. */
    static StatusServer.Limits every(StatusServer.Limits limits, Duration period) {
        return new StatusServer.Limits(limits.connections(), limits.idle(), limits.deadline(), period);
    }
}
