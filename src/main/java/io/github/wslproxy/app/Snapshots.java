package io.github.wslproxy.app;

import io.github.wslproxy.config.AccessParser;
import io.github.wslproxy.config.ForwardDefaults;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ConnectionLimits;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.relay.tcp.TcpRelay;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.ForwardState;
import io.github.wslproxy.status.Snapshot.ForwardView;
import io.github.wslproxy.status.Snapshot.LastProblem;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.WslSettings.OnStopped;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads a {@link Snapshot} off the running relays. */
final class Snapshots {
    private static final int MOST_CLIENTS = 20;

    private Snapshots() {}

    static Snapshot of(
            Duration uptime,
            String configFile,
            String configOption,
            String configError,
            CurrentTarget.Snapshot wsl,
            OnStopped onStopped,
            List<ProgramLimits.LimitStatus> limits,
            ForwardSet live,
            List<Relay> relays,
            Function<Forward, TargetSource> sources,
            List<AddressBlock> lan,
            List<Snapshot.Event> events) {
        Map<Forward, List<Relay>> byForward = relays.stream().collect(Collectors.groupingBy(Relay::forward));
        List<ForwardView> forwards = live.effective().forwards().stream()
                .map(forward ->
                        view(forward, byForward.getOrDefault(forward, List.of()), sources.apply(forward), live, lan))
                .toList();
        return new Snapshot(
                Version.current(),
                ProcessHandle.current().pid(),
                Optional.of(java()),
                uptime,
                configFile,
                configOption,
                configError,
                target(wsl, onStopped, live.file().wsl().hold()),
                limits(limits),
                forwards,
                events);
    }

    private static Snapshot.Target target(CurrentTarget.Snapshot wsl, OnStopped onStopped, Duration hold) {
        return new Snapshot.Target(
                wsl.state().word(),
                wsl.state().address().map(IpLiteral::text).orElse(""),
                wsl.since(),
                wsl.state().reason(),
                onStopped.name().toLowerCase(Locale.ROOT),
                onStopped == OnStopped.REFUSE ? Duration.ZERO : hold);
    }

    private static Map<String, Snapshot.LimitView> limits(List<ProgramLimits.LimitStatus> limits) {
        Map<String, Snapshot.LimitView> byName = new LinkedHashMap<>();
        limits.forEach(
                limit -> byName.put(limit.name(), new Snapshot.LimitView(limit.used(), limit.max(), limit.refused())));
        return byName;
    }

    private static ForwardView view(
            Forward forward, List<Relay> relays, TargetSource source, ForwardSet live, List<AddressBlock> lan) {
        boolean paused = live.paused().contains(forward.name());
        Origin origin = live.origin(forward);
        List<ListenerStatus> listeners =
                relays.stream().flatMap(relay -> relay.listeners().stream()).toList();
        LanUrls urls = urls(forward, paused, listeners, lan);
        Optional<LastProblem> problem =
                newest(relays, RelayStats::lastError, RelayStats.LastError::at).map(Snapshots::lastProblem);
        return new ForwardView(
                forward.name(),
                forward.protocolWord(),
                forward.listens().stream().map(Endpoint::toString).toList(),
                forward.target().toString(),
                resolved(forward, source),
                paused ? ForwardState.PAUSED : state(listeners),
                errors(listeners).findFirst().orElse(""),
                sum(relays, RelayStats::open),
                sum(relays, RelayStats::accepted),
                sum(relays, RelayStats::refused),
                sum(relays, RelayStats::bytesIn),
                sum(relays, RelayStats::bytesOut),
                problem.map(LastProblem::withTime).orElse(""),
                problem,
                newest(relays, RelayStats::lastClient, RelayStats.LastClient::at)
                        .map(Snapshots::lastClient),
                newest(relays, RelayStats::lastOwnClient, RelayStats.OwnClient::at)
                        .map(client -> Peer.name(client.address()))
                        .orElse(""),
                origin,
                live.endsAt(forward),
                urls.urls(),
                clients(relays),
                origin == Origin.FILE ? "" : toml(forward, live.file().defaults()),
                urls.whyNone(),
                AccessParser.of(forward.access()),
                isThroughLocalhost(forward, source) ? "localhost" : "address");
    }

    private static boolean isThroughLocalhost(Forward forward, TargetSource source) {
        PortRange ports = forward.target().ports();
        return forward.protocols().contains(Protocol.TCP)
                && IntStream.rangeClosed(ports.first(), ports.last()).anyMatch(source::prefersLocalhost);
    }

    private static LanUrls urls(
            Forward forward, boolean paused, List<ListenerStatus> listeners, List<AddressBlock> lan) {
        if (paused) {
            return LanUrls.none("it is paused");
        }
        return isListening(listeners) ? LanUrls.of(forward, lan) : LanUrls.none("it does not listen now");
    }

    private static boolean isListening(List<ListenerStatus> listeners) {
        return listeners.stream().anyMatch(ListenerStatus.Listening.class::isInstance);
    }

    private static List<Snapshot.ClientView> clients(List<Relay> relays) {
        return relays.stream()
                .flatMap(relay -> relay.clients().byClient(MOST_CLIENTS).stream())
                .collect(Collectors.groupingBy(
                        ConnectionLimits.Count::client, Collectors.summingInt(ConnectionLimits.Count::open)))
                .entrySet()
                .stream()
                .map(entry -> new Snapshot.ClientView(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt(Snapshot.ClientView::open)
                        .reversed()
                        .thenComparing(Snapshot.ClientView::address))
                .limit(MOST_CLIENTS)
                .toList();
    }

    /** The lines that keep a share or a forward that appeared; it has one port, here and in WSL. */
    private static String toml(Forward forward, ForwardDefaults defaults) {
        StringBuilder toml = new StringBuilder("[[forward]]\nport = ")
                .append(forward.target().ports())
                .append('\n');
        if (!forward.protocols().equals(Set.of(Protocol.TCP))) {
            toml.append("protocol = \"").append(forward.protocolWord()).append("\"\n");
        }
        Access access = forward.access();
        if (!access.allow().equals(defaults.access().allow())) {
            toml.append("allow = ").append(array(access.allow())).append('\n');
        }
        if (!access.deny().equals(defaults.access().deny())) {
            toml.append("deny = ").append(array(access.deny())).append('\n');
        }
        return toml.toString();
    }

    private static String array(List<AddressBlock> blocks) {
        return blocks.stream().map(block -> "\"" + block + "\"").collect(Collectors.joining(", ", "[", "]"));
    }

    /** Netty's listeners are the JDK's, which on Windows bind exclusively unless a property says otherwise. */
    private static Snapshot.Java java() {
        String exclusive = System.getProperty("sun.net.useExclusiveBind", "");
        return new Snapshot.Java(
                System.getProperty("java.version", ""),
                exclusive.isEmpty() || Boolean.parseBoolean(exclusive),
                TcpRelay.keepsAlive());
    }

    /** The newest of what the relays of a forward saw last; a forward of TCP and UDP has two relays. */
    private static <T> Optional<T> newest(
            List<Relay> relays, Function<RelayStats, Optional<T>> last, Function<T, Instant> at) {
        return relays.stream()
                .flatMap(relay -> last.apply(relay.counters()).stream())
                .max(Comparator.comparing(at));
    }

    private static Snapshot.LastClient lastClient(RelayStats.LastClient client) {
        Optional<Refusal> refusal = client.refusal();
        return new Snapshot.LastClient(
                IpLiteral.text(client.address()),
                client.at(),
                refusal.isEmpty(),
                refusal.map(Refusal::text).orElse(""),
                refusal.map(Refusal::code),
                refusal.map(Refusal::cure).orElse(""));
    }

    private static LastProblem lastProblem(RelayStats.LastError error) {
        return new LastProblem(
                error.at(),
                error.client().map(Peer::name).orElse(""),
                error.text(),
                error.refusal().map(Refusal::code),
                error.refusal().map(Refusal::limit).orElse(""),
                error.refusal().map(Refusal::cure).orElse(""),
                error.servedSince());
    }

    private static String resolved(Forward forward, TargetSource source) {
        return source.current()
                .address()
                .map(address ->
                        new Endpoint(new Host.Address(address), forward.target().ports()).toString())
                .orElse("");
    }

    private static ForwardState state(List<ListenerStatus> listeners) {
        if (listeners.stream().anyMatch(ListenerStatus.Failed.class::isInstance)) {
            return ForwardState.FAILED;
        }
        boolean listening =
                !listeners.isEmpty() && listeners.stream().allMatch(ListenerStatus.Listening.class::isInstance);
        return listening ? ForwardState.LISTENING : ForwardState.WAITING;
    }

    private static Stream<String> errors(List<ListenerStatus> listeners) {
        Stream<String> failed = listeners.stream()
                .filter(ListenerStatus.Failed.class::isInstance)
                .map(ListenerStatus.Failed.class::cast)
                .map(failure -> failure.where() + ": " + failure.error());
        Stream<String> waiting = listeners.stream()
                .filter(ListenerStatus.NotOpen.class::isInstance)
                .map(ListenerStatus.NotOpen.class::cast)
                .map(wait -> wait.where() + ": " + wait.reason());
        return Stream.concat(failed, waiting);
    }

    private static long sum(List<Relay> relays, ToLongFunction<RelayStats> counter) {
        return relays.stream().map(Relay::counters).mapToLong(counter).sum();
    }
}
