package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.ByPlace;
import io.github.wslproxy.relay.Client;
import io.github.wslproxy.relay.ConnectionLimits;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.EvictableSessions;
import io.github.wslproxy.relay.Listener;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.RateLimitedLog;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.relay.Stages;
import io.github.wslproxy.target.TargetSource;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Relays the UDP datagrams of one forward, with a session for each client socket. */
public final class UdpRelay implements Relay {
    private static final Logger log = LoggerFactory.getLogger(UdpRelay.class);
    private static final int SESSIONS_PER_SECOND = 20;
    private static final int EARLY_DROPS_PER_SECOND = 1;
    private static final int REFUSALS_PER_SECOND = 5;

    private final RelayContext context;
    private final ConnectionLimits slots;
    private final EvictableSessions.Table brief;
    private final RelayStats counters;
    private final UdpSocketOptions sockets;

    /** Guarded by this. */
    private final ByPlace<MappingListeners> routes = new ByPlace<>();

    private final Set<UdpSessions> tables = ConcurrentHashMap.newKeySet();
    private final AtomicLong answersFromOtherPorts = new AtomicLong();
    private final RateLimitedLog sessionLog;
    private final RateLimitedLog earlyDropLog;
    private final RateLimitedLog refusalLog;
    private final RateLimitedLog lossLog;
    private volatile Terms terms;
    private Runnable unsubscribe = () -> {};
    private volatile boolean paused;
    private volatile boolean stopping;

    /** What an edited configuration may change for the sessions to come. */
    private record Terms(Forward forward, TargetSource source, Admission admission) {}

    /**
     * Opens nothing yet.
     *
     * @param source where the target's address comes from; its port is the forward's
     */
    public UdpRelay(Forward forward, TargetSource source, RelayContext context) {
        this.context = context;
        brief = context.totals().earlyDrop().table();
        slots = new ConnectionLimits(
                forward.limits().sessions(), forward.limits().sessionsPerClient());
        counters = new RelayStats(slots::inUse, context.localAddresses()::contains);
        sockets = new UdpSocketOptions(context.loops(), context.loopGuard());
        sessionLog =
                new RateLimitedLog(log, SESSIONS_PER_SECOND, context.loops().control());
        earlyDropLog =
                new RateLimitedLog(log, EARLY_DROPS_PER_SECOND, context.loops().control());
        refusalLog =
                new RateLimitedLog(log, REFUSALS_PER_SECOND, context.loops().control());
        lossLog = new RateLimitedLog(log, REFUSALS_PER_SECOND, context.loops().control());
        terms = terms(forward, source);
        takeRoutes();
    }

    private Terms terms(Forward forward, TargetSource source) {
        Admission admission = new Admission(forward, context.wslSide(), slots, context.totals(), Protocol.UDP, brief);
        return new Terms(forward, source, admission);
    }

    private MappingListeners routeListeners(PortMapping route) {
        return new MappingListeners(duty(route), context.localAddresses(), this::listener);
    }

    private ListenerConfig duty(PortMapping route) {
        return new ListenerConfig(terms.forward(), route, terms.source());
    }

    private Listener listener(ListenerConfig duty) {
        return new Listener(context, Protocol.UDP, duty, new UdpBinder(this, sockets));
    }

    @Override
    public synchronized CompletionStage<Void> start() {
        takeRoutes();
        unsubscribe.run();
        unsubscribe = context.onChange(terms.source(), this::reconsider);
        return all(MappingListeners::open);
    }

    private synchronized void reconsider() {
        routes.stream().forEach(MappingListeners::reconsider);
        tables.forEach(UdpSessions::targetChanged);
    }

    @Override
    public synchronized CompletionStage<Void> change(Forward next, TargetSource source) {
        terms = terms(next, source);
        slots.limit(next.limits().sessions(), next.limits().sessionsPerClient());
        Collection<MappingListeners> unwanted = takeRoutes();
        tables.forEach(UdpSessions::targetChanged);
        return Stages.all(unwanted.stream().map(MappingListeners::close));
    }

    @Override
    public void pause() {
        paused = true;
        tables.forEach(table -> table.endAllSoon("the forward was paused"));
    }

    @Override
    public void resume() {
        paused = false;
    }

    /** Returns the listeners of routes that are no longer wanted. */
    private Collection<MappingListeners> takeRoutes() {
        return routes.change(
                PortMapping.of(terms.forward()),
                this::routeListeners,
                (listeners, route) -> listeners.take(duty(route)));
    }

    @Override
    public CompletionStage<Void> drain() {
        return stop(Duration.ZERO);
    }

    /**
     * Ends everything at once, whatever the grace: a reply can only leave from the socket that its client spoke to, and
     * that one is a listener.
     */
    @Override
    public synchronized CompletionStage<Void> stop(Duration grace) {
        stopping = true;
        unsubscribe.run();
        return all(MappingListeners::close);
    }

    private CompletionStage<Void> all(Function<MappingListeners, CompletionStage<Void>> step) {
        return Stages.all(routes.stream().map(step));
    }

    /**
     * Asks access and limits. A client that is let in holds a slot until {@link #release}.
     *
     * @param mayTakeAPlace whether another session may have to give way
     */
    boolean admit(InetSocketAddress sender, Client client, PortMapping route, boolean mayTakeAPlace) {
        Optional<Refusal> refusal = paused ? Optional.of(Refusal.paused()) : enter(client, route, mayTakeAPlace);
        refusal.ifPresent(reason -> refuse(sender, reason));
        return refusal.isEmpty();
    }

    private Optional<Refusal> enter(Client client, PortMapping route, boolean mayTakeAPlace) {
        Admission admission = terms.admission();
        return mayTakeAPlace ? admission.enter(client, route) : admission.enterWhereThereIsRoom(client, route);
    }

    void release(Client client) {
        terms.admission().leave(client);
    }

    /** A datagram of {@code client} goes nowhere. */
    void refuse(InetSocketAddress client, Refusal refusal) {
        counters.noteRefused(client, refusal);
        refusalLog.warn("[{}] {} udp refused: {}", forward().name(), Peer.name(client), refusal.text());
    }

    /**
     * A datagram is lost, as datagrams may be; nothing else ends by it.
     *
     * @param at the client it was of or for, or our own socket where that is not known
     */
    void lost(InetSocketAddress at, String reason) {
        String name = Peer.name(at);
        counters.noteError("lost a datagram at " + name + ": " + reason);
        lossLog.warn("[{}] {} udp datagram lost: {}", forward().name(), name, reason);
    }

    /**
     * A datagram came to the socket of a session from somebody else than its target, and is dropped. Servers of some
     * protocols answer from another port, which is said once: whoever forwards such a port waits in vain.
     *
     * @param target whose datagrams the session takes; null if it has had none yet
     */
    void answeredByAnother(InetSocketAddress client, InetSocketAddress sender, @Nullable InetSocketAddress target) {
        if (target == null || !sender.getAddress().equals(target.getAddress())) {
            lost(client, "it came from " + Peer.name(sender) + ", which is not the target");
            return;
        }
        long dropped = answersFromOtherPorts.incrementAndGet();
        counters.noteError("lost an answer for " + Peer.name(client) + ": it came from port " + sender.getPort()
                + " of the target, not from " + target.getPort() + " (so far: " + dropped + ")");
        if (dropped == 1) {
            log.warn(
                    "[{}] the target answers from port {}, not from {}: such answers are dropped, since nothing shows that"
                            + " they belong to the client. TFTP and other protocols that change the port cannot be"
                            + " forwarded",
                    forward().name(),
                    sender.getPort(),
                    target.getPort());
        }
    }

    /** Answers of the target that came from another port than the one that was asked, since the start. */
    long answersFromOtherPorts() {
        return answersFromOtherPorts.get();
    }

    /** Writes the one line that a session leaves behind. */
    void sessionEnded(UdpSession session, String reason) {
        double seconds = session.ageNanos() / 1e9;
        RateLimitedLog quietly = reason.equals(UdpSession.GAVE_WAY) ? earlyDropLog : sessionLog;
        quietly.info(() -> String.format(
                Locale.ROOT,
                "[%s] %s -> %s udp ended after %.1f s: %s; %s",
                forward().name(),
                Peer.name(session.address()),
                Peer.name(session.target()),
                seconds,
                reason,
                session.traffic()));
    }

    /** Why listeners that close now do so. */
    String closingReason() {
        return stopping ? "wslproxy, or its forward, has stopped" : "its listener was closed";
    }

    @Override
    public Forward forward() {
        return terms.forward();
    }

    @Override
    public Protocol protocol() {
        return Protocol.UDP;
    }

    @Override
    public synchronized List<ListenerStatus> listeners() {
        return routes.stream().flatMap(route -> route.statuses().stream()).toList();
    }

    @Override
    public RelayStats counters() {
        return counters;
    }

    @Override
    public ConnectionLimits clients() {
        return slots;
    }

    @Override
    public CompletionStage<List<ConnectionInfo>> pairings() {
        return context.loops().gather(loop -> sessionsOn(loop).map(UdpSession::pairing));
    }

    @Override
    public CompletionStage<Boolean> end(InetSocketAddress client) {
        return context.loops()
                .gather(loop -> sessionsOn(loop)
                        .filter(session -> session.address().equals(client))
                        .peek(session -> session.end("ended by hand")))
                .thenApply(ended -> !ended.isEmpty());
    }

    private Stream<UdpSession> sessionsOn(EventLoop loop) {
        return tables.stream()
                .filter(table -> table.listener().eventLoop() == loop)
                .flatMap(UdpSessions::all);
    }

    /** One for each socket that listens now. Safe for any thread. */
    Set<UdpSessions> tables() {
        return tables;
    }

    /** Its sessions of one exchange or none. */
    EvictableSessions.Table brief() {
        return brief;
    }

    RelayContext context() {
        return context;
    }
}
