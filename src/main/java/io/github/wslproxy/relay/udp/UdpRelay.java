package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ConnectionLimits;
import io.github.wslproxy.relay.EvictableSessions;
import io.github.wslproxy.relay.Listeners;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.RateLimitedLog;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.target.TargetSource;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
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
    private final Admission admission;
    private final EvictableSessions.Table brief;
    private final RelayStats counters;
    private final UdpSocketOptions sockets;

    private final Listeners listeners;
    private final Set<UdpSessions> tables = ConcurrentHashMap.newKeySet();
    private final AtomicLong answersFromOtherPorts = new AtomicLong();
    private final RateLimitedLog sessionLog;
    private final RateLimitedLog earlyDropLog;
    private final RateLimitedLog refusalLog;
    private final RateLimitedLog lossLog;

    /**
     * Opens nothing yet.
     *
     * @param source where the target's address comes from; its port is the forward's
     */
    public UdpRelay(Forward forward, TargetSource source, RelayContext context) {
        this.context = context;
        brief = context.totals().earlyDrop().table();
        admission = new Admission(forward, Protocol.UDP, context.wslSide(), context.totals(), brief);
        counters = new RelayStats(admission.limits()::inUse, context.localAddresses()::contains);
        sockets = new UdpSocketOptions(context.loops(), context.loopGuard());
        sessionLog =
                new RateLimitedLog(log, SESSIONS_PER_SECOND, context.loops().control());
        earlyDropLog =
                new RateLimitedLog(log, EARLY_DROPS_PER_SECOND, context.loops().control());
        refusalLog =
                new RateLimitedLog(log, REFUSALS_PER_SECOND, context.loops().control());
        lossLog = new RateLimitedLog(log, REFUSALS_PER_SECOND, context.loops().control());
        listeners = new Listeners(
                context,
                Protocol.UDP,
                forward,
                source,
                new UdpBinder(this, sockets),
                new EachAddress(context.localAddresses()));
    }

    @Override
    public CompletionStage<Void> start() {
        return listeners.start(this::targetChanged);
    }

    private void targetChanged() {
        tables.forEach(UdpSessions::targetChanged);
    }

    @Override
    public CompletionStage<Void> change(Forward next, TargetSource source) {
        admission.change(next);
        CompletionStage<Void> released = listeners.change(next, source);
        targetChanged();
        return released;
    }

    @Override
    public void pause() {
        listeners.pause();
        tables.forEach(table -> table.endAllSoon("the forward was paused"));
    }

    @Override
    public void resume() {
        listeners.resume();
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
    public CompletionStage<Void> stop(Duration grace) {
        listeners.unsubscribe();
        return listeners.close();
    }

    /**
     * Asks access and limits. A client that is let in holds a slot until {@link #release}.
     *
     * @param mayTakeAPlace whether another session may have to give way
     */
    boolean admit(InetSocketAddress sender, ClientKey client, PortMapping route, boolean mayTakeAPlace) {
        Optional<Refusal> refusal =
                listeners.isPaused() ? Optional.of(Refusal.paused()) : enter(client, route, mayTakeAPlace);
        refusal.ifPresent(reason -> refuse(sender, reason));
        return refusal.isEmpty();
    }

    private Optional<Refusal> enter(ClientKey client, PortMapping route, boolean mayTakeAPlace) {
        return mayTakeAPlace ? admission.enter(client, route) : admission.enterWhereThereIsRoom(client, route);
    }

    void release(ClientKey client) {
        admission.leave(client);
    }

    /** A datagram of {@code client} goes nowhere. */
    void refuse(InetSocketAddress client, Refusal refusal) {
        counters.noteRefused(client, refusal);
        refusalLog.warn(() -> "[" + name() + "] " + Peer.name(client) + " udp refused: " + refusal.text());
    }

    /**
     * A datagram is lost, as datagrams may be; nothing else ends by it.
     *
     * @param at the client it was of or for, or our own socket where that is not known
     * @param reason made when somebody reads it
     */
    void lost(InetSocketAddress at, Supplier<String> reason) {
        counters.noteError(() -> "lost a datagram at " + Peer.name(at) + ": " + reason.get());
        lossLog.warn(() -> "[" + name() + "] " + Peer.name(at) + " udp datagram lost: " + reason.get());
    }

    /**
     * A datagram came to the socket of a session from somebody else than its target, and is dropped. Servers of some
     * protocols answer from another port, which is said once: whoever forwards such a port waits in vain.
     *
     * @param target whose datagrams the session takes; null if it has had none yet
     */
    void answeredByAnother(InetSocketAddress client, InetSocketAddress sender, @Nullable InetSocketAddress target) {
        if (target == null || !sender.getAddress().equals(target.getAddress())) {
            lost(client, () -> "it came from " + Peer.name(sender) + ", which is not the target");
            return;
        }
        long dropped = answersFromOtherPorts.incrementAndGet();
        counters.noteError(() -> "lost an answer for " + Peer.name(client) + ": it came from port " + sender.getPort()
                + " of the target, not from " + target.getPort() + " (so far: " + dropped + ")");
        if (dropped == 1) {
            log.warn(
                    "[{}] the target answers from port {}, not from {}: such answers are dropped, since nothing shows"
                            + " that they belong to the client. TFTP and other protocols that change the port cannot be"
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
        return listeners.isClosing() ? "wslproxy, or its forward, has stopped" : "its listener was closed";
    }

    @Override
    public RelayStats counters() {
        return counters;
    }

    @Override
    public Protocol protocol() {
        return Protocol.UDP;
    }

    @Override
    public ConnectionLimits clients() {
        return admission.limits();
    }

    private String name() {
        return forward().name();
    }

    @Override
    public Forward forward() {
        return listeners.forward();
    }

    @Override
    public CompletionStage<List<ConnectionInfo>> pairings() {
        return context.loops().gather(loop -> sessionsOn(loop).map(UdpSession::pairing));
    }

    @Override
    public List<ListenerStatus> listeners() {
        return listeners.statuses();
    }

    @Override
    public CompletionStage<Boolean> end(InetSocketAddress client) {
        return context.loops()
                .gather(loop -> {
                    List<UdpSession> found = sessionsOn(loop)
                            .filter(session -> session.address().equals(client))
                            .toList();
                    found.forEach(session -> session.end("ended by hand"));
                    return found.stream();
                })
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
