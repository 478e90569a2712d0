package io.github.wslproxy.app;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.LimitSettings;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.tcp.TcpRelay;
import io.github.wslproxy.relay.udp.UdpRelay;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.target.TargetSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relays that run: one for each forward and protocol, and those of removed forwards until their last connection has
 * ended. One thread at a time opens them and applies plans; any thread may ask and stop them.
 */
final class RunningRelays {
    private static final Logger log = LoggerFactory.getLogger(RunningRelays.class);
    private static final Duration OPENING_ALL = Duration.ofMinutes(1);
    private static final Duration OPENING_OR_CLOSING = Duration.ofSeconds(2);

    /** How long those who are connected may go on when their share ends. */
    private static final Duration GRACE_OF_SHARES = Duration.ofSeconds(5);

    /** How long closing takes when nothing is given time to end by itself. */
    private static final Duration CUT_OFF = Duration.ofSeconds(1);

    private final RelayContext context;
    private final BiFunction<Forward, Protocol, TargetSource> targets;

    /** Has the order of the configuration. */
    private volatile List<Relay> relays = List.of();

    private final List<Relay> draining = new CopyOnWriteArrayList<>();

    /** How long a stop lets connections go on; empty until there is a stop. */
    private volatile Optional<Duration> stopped = Optional.empty();

    /** @param targets where a protocol reaches the target of a forward */
    RunningRelays(RelayContext context, BiFunction<Forward, Protocol, TargetSource> targets) {
        this.context = context;
        this.targets = targets;
    }

    /** Makes a relay of each forward, and returns when every listener has been tried once. */
    void open(Settings settings) throws InterruptedException {
        warnOfMemory(settings.limits());
        relays = settings.forwards().stream()
                .flatMap(forward -> forward.protocols().stream().sorted().map(protocol -> relay(protocol, forward)))
                .toList();
        divideConnecting();
        if (isStopped()) {
            stopAgain();
            return;
        }
        start("opening the listeners", relays, OPENING_ALL);
    }

    /** Carries out the steps of a plan. What does not change keeps its sockets, connections and sessions. */
    void apply(ReloadPlan plan, ForwardSet before, ForwardSet next) throws InterruptedException {
        List<Relay> wanted = new ArrayList<>(relays);
        List<Relay> opening = new ArrayList<>();
        List<CompletionStage<Void>> closing = new ArrayList<>();
        for (ReloadPlan.Step step : plan.steps()) {
            if (step instanceof ReloadPlan.Remove remove) {
                Relay gone = running(remove.protocol(), remove.before());
                wanted.remove(gone);
                closing.add(drain(gone, before.origin(remove.before())));
            } else if (step instanceof ReloadPlan.Change change) {
                Relay changed = running(change.protocol(), change.before());
                opening.add(changed);
                closing.add(changed.change(change.after(), targets.apply(change.after(), change.protocol())));
            } else if (step instanceof ReloadPlan.Add add) {
                Relay added = relay(add.protocol(), add.after());
                wanted.add(added);
                opening.add(added);
            }
        }
        relays = inOrder(next.effective().forwards(), wanted);
        divideConnecting();
        if (plan.limits()) {
            context.limits().limit(next.effective().limits());
            warnOfMemory(next.effective().limits());
        }
        pauseOrResume(next);
        new NamedStep("closing what the edit has removed", OPENING_OR_CLOSING, () -> Relay.allOf(closing.stream()))
                .take();
        start("opening what the edit has added", opening, OPENING_OR_CLOSING);
        draining.removeIf(gone -> gone.counters().open() == 0);
    }

    private Relay relay(Protocol protocol, Forward forward) {
        TargetSource target = targets.apply(forward, protocol);
        return switch (protocol) {
            case TCP -> new TcpRelay(forward, target, context);
            case UDP -> new UdpRelay(forward, target, context);
        };
    }

    /** Lets what is connected end by itself, but not what came by a share: that is over for everybody. */
    private CompletionStage<Void> drain(Relay gone, Origin origin) {
        draining.add(gone);
        CompletionStage<Void> closed = gone.drain();
        if (origin == Origin.SHARE) {
            gone.stop(GRACE_OF_SHARES);
        }
        return closed;
    }

    private static List<Relay> inOrder(List<Forward> forwards, List<Relay> relays) {
        Map<Forward, List<Relay>> byForward = relays.stream().collect(Collectors.groupingBy(Relay::forward));
        return forwards.stream()
                .flatMap(forward -> byForward.getOrDefault(forward, List.of()).stream())
                .toList();
    }

    /** The total of pending connects is shared among the TCP relays. */
    private void divideConnecting() {
        long tcp = relays.stream()
                .filter(relay -> relay.protocol() == Protocol.TCP)
                .count();
        context.limits().divideAmong((int) Math.max(1, tcp));
    }

    private void warnOfMemory(LimitSettings limits) {
        context.loops().readBuffers().warning(limits).ifPresent(log::warn);
    }

    private void pauseOrResume(ForwardSet forwards) {
        for (Relay relay : relays) {
            if (forwards.paused().contains(relay.forward().name())) {
                relay.pause();
            } else {
                relay.resume();
            }
        }
    }

    private static void start(String what, List<Relay> relays, Duration limit) throws InterruptedException {
        new NamedStep(what, limit, () -> Relay.allOf(relays.stream().map(Relay::start))).take();
    }

    private Relay running(Protocol protocol, Forward forward) {
        return relays.stream()
                .filter(relay -> relay.protocol() == protocol && relay.forward().equals(forward))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no relay of " + forward.name() + " " + protocol));
    }

    /** Why no forward at all can listen; empty if one can, or there is none. */
    Optional<String> whyNoneListens() {
        List<ListenerStatus> all =
                relays.stream().flatMap(relay -> relay.listeners().stream()).toList();
        if (relays.isEmpty() || !all.stream().allMatch(ListenerStatus.Failed.class::isInstance)) {
            return Optional.empty();
        }
        return Optional.of(all.stream()
                .map(ListenerStatus.Failed.class::cast)
                .map(failed -> failed.where() + ": " + failed.error())
                .findFirst()
                .orElse("there is none"));
    }

    /** The relays of the forwards that are to run, in the order of the configuration. */
    List<Relay> current() {
        return relays;
    }

    /** The relays of a forward: one for each of its protocols, and those that are about to end. */
    List<Relay> of(String forward) {
        return all().filter(relay -> relay.forward().name().equals(forward)).toList();
    }

    private Stream<Relay> all() {
        return Stream.concat(relays.stream(), draining.stream());
    }

    /** How many connections and sessions are open. */
    long open() {
        return all().mapToLong(relay -> relay.counters().open()).sum();
    }

    /** Closes the listeners at once and gives what is open {@code grace}. Nothing is opened afterwards. */
    CompletionStage<Void> stop(Duration grace) {
        stopped = Optional.of(grace);
        return Relay.allOf(all().map(relay -> relay.stop(grace)));
    }

    boolean isStopped() {
        return stopped.isPresent();
    }

    /** Stops what was opened while somebody called {@link #stop}, which knows only the relays of before. */
    void stopAgain() {
        stopped.ifPresent(grace -> all().forEach(relay -> relay.stop(grace)));
    }

    /**
     * Resets what is open, so that no peer takes the end of the process for the end of what was sent. Waits a moment.
     */
    void cutOff() {
        Relay.allOf(all().map(relay -> relay.stop(Duration.ZERO)))
                .toCompletableFuture()
                .completeOnTimeout(null, CUT_OFF.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
