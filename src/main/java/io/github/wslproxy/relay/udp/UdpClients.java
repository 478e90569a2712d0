package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.EvictableSessions;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.relay.RateLimitedLog;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayStats;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one relay, whichever of its sockets they speak to: lets them in, reaches their sessions, and counts
 * and logs what becomes of them. Safe for any thread.
 */
final class UdpClients {
    private static final Logger log = LoggerFactory.getLogger(UdpRelay.class);
    private static final int ENDS_PER_SECOND = 20;
    private static final int EVICTIONS_PER_SECOND = 1;
    private static final int REFUSALS_PER_SECOND = 5;

    private final RelayContext context;
    private final EvictableSessions.Table evictable;
    private final Admission admission;
    private final RelayStats stats;
    private final Supplier<String> name;
    private final BooleanSupplier paused;
    private final Set<UdpSessions> tables = ConcurrentHashMap.newKeySet();
    private final AtomicLong answersFromOtherPorts = new AtomicLong();
    private final RateLimitedLog endLog;
    private final RateLimitedLog evictionLog;
    private final RateLimitedLog refusalLog;
    private final RateLimitedLog lossLog;
    private volatile String closingReason = "its listener was closed";

    /**
     * Nobody is in.
     *
     * @param name the forward's, which an edited configuration may change
     * @param paused whether nobody is let in for now
     */
    UdpClients(RelayContext context, Forward forward, Supplier<String> name, BooleanSupplier paused) {
        this.context = context;
        this.name = name;
        this.paused = paused;
        evictable = context.limits().evictableSessions().table();
        admission = new Admission(forward, Protocol.UDP, context.hostAdapter(), context.limits(), evictable);
        stats = new RelayStats(admission.limits()::inUse, context.localAddresses()::contains);
        endLog = limited(ENDS_PER_SECOND);
        evictionLog = limited(EVICTIONS_PER_SECOND);
        refusalLog = limited(REFUSALS_PER_SECOND);
        lossLog = limited(REFUSALS_PER_SECOND);
    }

    private RateLimitedLog limited(int perSecond) {
        return new RateLimitedLog(log, perSecond, context.loops().control());
    }

    Admission admission() {
        return admission;
    }

    RelayStats stats() {
        return stats;
    }

    /** The sessions of one exchange or none. */
    EvictableSessions.Table evictable() {
        return evictable;
    }

    /** A socket listens, whose sessions these are. */
    void add(UdpSessions sessions) {
        tables.add(sessions);
    }

    /** The socket of these sessions is closed. */
    void remove(UdpSessions sessions) {
        tables.remove(sessions);
        sessions.endAll(closingReason);
    }

    /** One for each socket that listens now. */
    Set<UdpSessions> tables() {
        return tables;
    }

    /** Sockets that are closed from now on are so since the relay stops. */
    void noteStopping() {
        closingReason = "wslproxy, or its forward, has stopped";
    }

    /**
     * Asks access and limits. A client that is let in counts until it is given back to {@link #admission}.
     *
     * @param mayEvict whether another session may have to give way
     */
    boolean admit(InetSocketAddress sender, ClientKey client, PortMapping mapping, boolean mayEvict) {
        Optional<Refusal> refusal =
                paused.getAsBoolean() ? Optional.of(Refusal.paused()) : enter(client, mapping, mayEvict);
        refusal.ifPresent(reason -> refuse(sender, reason));
        return refusal.isEmpty();
    }

    private Optional<Refusal> enter(ClientKey client, PortMapping mapping, boolean mayEvict) {
        return mayEvict ? admission.enter(client, mapping) : admission.enterWhereThereIsRoom(client, mapping);
    }

    /** A datagram of {@code client} goes nowhere. */
    void refuse(InetSocketAddress client, Refusal refusal) {
        stats.noteRefused(client, refusal);
        refusalLog.warn(() -> "[" + name.get() + "] " + Peer.name(client) + " udp refused: " + refusal.text());
    }

    /**
     * A datagram is lost, as datagrams may be; nothing else ends by it.
     *
     * @param at the client it was of or for, or our own socket where that is not known
     * @param reason made when somebody reads it
     */
    void lost(InetSocketAddress at, Supplier<String> reason) {
        stats.noteError(() -> "lost a datagram at " + Peer.name(at) + ": " + reason.get());
        lossLog.warn(() -> "[" + name.get() + "] " + Peer.name(at) + " udp datagram lost: " + reason.get());
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
        stats.noteError(() -> "lost an answer for " + Peer.name(client) + ": it came from port " + sender.getPort()
                + " of the target, not from " + target.getPort() + " (so far: " + dropped + ")");
        if (dropped == 1) {
            log.warn(
                    "[{}] the target answers from port {}, not from {}: such answers are dropped, since nothing shows"
                            + " that they belong to the client. TFTP and other protocols that change the port cannot be"
                            + " forwarded",
                    name.get(),
                    sender.getPort(),
                    target.getPort());
        }
    }

    /** Writes the one line that a session leaves behind. */
    void sessionEnded(UdpSession session, String reason, boolean evicted) {
        RateLimitedLog quietly = evicted ? evictionLog : endLog;
        double seconds = session.info().age().toNanos() / 1e9;
        quietly.info(() -> String.format(
                Locale.ROOT,
                "[%s] %s -> %s udp ended after %.1f s: %s; %s",
                name.get(),
                Peer.name(session.address()),
                Peer.name(session.sentTo()),
                seconds,
                reason,
                session.traffic()));
    }

    void targetChanged() {
        tables.forEach(UdpSessions::targetChanged);
    }

    void endAll(String reason) {
        tables.forEach(table -> table.endAllSoon(reason));
    }

    CompletionStage<List<ConnectionInfo>> infos() {
        return context.loops().gather(loop -> on(loop).map(UdpSession::info));
    }

    /** Ends the sessions of a client's socket; completes with whether there were any. */
    CompletionStage<Boolean> end(InetSocketAddress client) {
        return context.loops()
                .gather(loop -> {
                    List<UdpSession> found = on(loop).filter(session -> client.equals(session.address()))
                            .toList();
                    found.forEach(session -> session.end("ended by hand"));
                    return found.stream();
                })
                .thenApply(ended -> !ended.isEmpty());
    }

    private Stream<UdpSession> on(EventLoop loop) {
        return tables.stream()
                .filter(table -> table.listener().eventLoop() == loop)
                .flatMap(UdpSessions::all);
    }
}
