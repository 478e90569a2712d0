package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.Client;
import io.github.wslproxy.relay.ConnectionLimits;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.FairQuota;
import io.github.wslproxy.relay.Listeners;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.FormerAddresses;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.RateLimitedLog;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.target.TargetSource;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Relays the TCP connections of one forward. */
public final class TcpRelay implements Relay, FormerAddresses.Connections {
    /** More may wait in the kernel; each has a socket, a slot and up to 32 KiB here, and may never come again. */
    static final int MOST_WAITING = 64;

    private static final Logger log = LoggerFactory.getLogger(TcpRelay.class);
    private static final int LINKS_PER_SECOND = 20;
    private static final int REFUSALS_PER_SECOND = 5;

    private final RelayContext context;
    private final ConnectionLimits slots;
    private final RelayStats counters;
    private final TcpSocketOptions sockets;
    private final TcpDialer dialer;
    private final SendDrain sendQueues = new SendDrain();

    private final Listeners listeners;
    private final RateLimitedLog linkLog;
    private final RateLimitedLog refusalLog;
    private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<TargetConnector> approaches = ConcurrentHashMap.newKeySet();
    private final FairQuota waitingRoom = new FairQuota(MOST_WAITING);
    private final ConnectQueue legs;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicReference<@Nullable Throwable> noSocketForTarget = new AtomicReference<>();

    private volatile Admission admission;
    private volatile boolean listenersClosed;

    /**
     * Opens nothing yet.
     *
     * @param source where the target's address comes from; its port is the forward's
     */
    public TcpRelay(Forward forward, TargetSource source, RelayContext context) {
        this.context = context;
        slots = new ConnectionLimits(
                forward.limits().connections(), forward.limits().connectionsPerClient());
        counters = new RelayStats(slots::inUse, context.localAddresses()::contains);
        sockets = new TcpSocketOptions(context.loops());
        dialer = new TcpDialer(sockets, context.loopGuard());
        legs = new ConnectQueue(context.totals());
        linkLog = new RateLimitedLog(log, LINKS_PER_SECOND, context.loops().control());
        refusalLog =
                new RateLimitedLog(log, REFUSALS_PER_SECOND, context.loops().control());
        admission = admission(forward);
        listeners = new Listeners(context, Protocol.TCP, forward, source, new TcpBinder(this, sockets), Stream::of);
    }

    private Admission admission(Forward forward) {
        return new Admission(forward, context.wslSide(), slots, context.totals(), Protocol.TCP);
    }

    @Override
    public CompletionStage<Void> start() {
        return listeners.start(this::reconsider);
    }

    private void reconsider() {
        approaches.forEach(TargetConnector::reconsider);
        connections.forEach(this::watchIfLeftBehind);
    }

    private void watchIfLeftBehind(ClientConnection client) {
        client.oldTarget().ifPresent(old -> context.oldAddresses().watch(old, this));
    }

    @Override
    public boolean lead(InetAddress address) {
        return connections.stream().anyMatch(client -> client.isLeftBehindAt(address));
    }

    @Override
    public void resetTo(InetAddress address) {
        connections.stream()
                .filter(client -> client.isLeftBehindAt(address))
                .forEach(client ->
                        client.cutOff("WSL is no longer at " + IpLiteral.text(address) + ", where nobody answers"));
    }

    @Override
    public CompletionStage<Void> change(Forward next, TargetSource source) {
        admission = admission(next);
        slots.limit(next.limits().connections(), next.limits().connectionsPerClient());
        return listeners.change(next, source);
    }

    @Override
    public void pause() {
        listeners.pause();
    }

    @Override
    public void resume() {
        listeners.resume();
    }

    /** The way of a client: who is it, where to, connect, join. Called on the client's event loop, nothing read yet. */
    void accepted(TcpSocket client, ListenerConfig duty) {
        Fault.contain(() -> approach(client, duty), failure -> refuse(client, Refusal.unexpected(Fault.line(failure))));
    }

    private void approach(TcpSocket client, ListenerConfig duty) {
        InetSocketAddress remote = client.remoteAddress();
        if (remote == null) {
            client.close(); // It has left already.
            return;
        }
        if (context.loopGuard().isOwnConnection(remote)) {
            TcpSocketOptions.reset(client);
            return;
        }
        Client who = Client.of(remote.getAddress(), context.localAddresses());
        Optional<Refusal> refusal = isClosed().or(() -> enter(who, duty.mapping(), admission));
        if (refusal.isPresent()) {
            refuse(client, refusal.get());
            return;
        }
        ClientConnection connection = new ClientConnection(client, who, duty, this::closed);
        connections.add(connection);
        connection.begin();
        Forward asked = duty.forward();
        new TargetConnector(this, duty, asked.timeouts(), client, who, new TargetConnector.End() {
                    @Override
                    public void arrived(TcpSocket target, Early early) {
                        join(client, target, early, connection, asked);
                    }

                    @Override
                    public void refused(Refusal reason) {
                        refuse(client, reason);
                    }
                })
                .begin();
    }

    private Optional<Refusal> isClosed() {
        if (listeners.isClosing()) {
            return Optional.of(Refusal.stopping());
        }
        return listeners.isPaused() ? Optional.of(Refusal.paused()) : Optional.empty();
    }

    /** Asks access and limits; a client that is let in counts until it is {@link #closed}. */
    private Optional<Refusal> enter(Client client, PortMapping route, Admission admission) {
        Optional<Refusal> refusal = admission.enter(client, route);
        if (refusal.isEmpty() && !context.totals().outgoingPorts().take(client)) {
            admission.leave(client);
            return Optional.of(Refusal.outgoingPorts(client));
        }
        return refusal;
    }

    private void closed(ClientConnection connection) {
        admission.leave(connection.client());
        context.totals().outgoingPorts().giveBack(connection.client(), connection.leavesPortWaiting());
        connections.remove(connection);
        completeWhenEmpty();
    }

    private void join(TcpSocket client, TcpSocket leg, Early early, ClientConnection connection, Forward asked) {
        if (!client.isActive() || listeners.isClosing()) {
            early.bytes().release();
            TcpSocketOptions.reset(leg);
            TcpSocketOptions.reset(client);
            return;
        }
        connection.connectedTo(leg);
        counters.countAccepted();
        InetSocketAddress remote = client.remoteAddress();
        if (remote != null) {
            counters.noteClient(remote);
            counters.noteServed(remote.getAddress());
        }
        log.debug("[{}] {} -> {} tcp joined", name(), client.remoteAddress(), leg.remoteAddress());
        connection.joinedBy(
                TcpLink.join(this, asked.timeouts(), client, leg, introduced(client, early, asked.proxyProtocol())));
        watchIfLeftBehind(connection);
    }

    /** Also where the client has sent nothing: the server may be the one that speaks first. */
    private static Early introduced(TcpSocket client, Early early, ProxyProtocol protocol) {
        return protocol == ProxyProtocol.OFF
                ? early
                : early.behind(ProxyHeader.of(protocol, client.remoteAddress(), client.localAddress()));
    }

    /** By a reset, so that it looks to the client as if nobody listened. */
    private void refuse(Channel client, Refusal refusal) {
        if (client.remoteAddress() instanceof InetSocketAddress remote) {
            counters.noteRefused(remote, refusal);
        }
        refusalLog.warn("[{}] {} tcp refused: {}", name(), Peer.name(client.remoteAddress()), refusal.text());
        TcpSocketOptions.reset(client);
    }

    /** A client was accepted with the last socket, and there is none for its target. */
    void noSocketForTarget(Throwable cause) {
        noSocketForTarget.set(cause);
    }

    /** Why a target could have no socket, if that has happened since it was asked for last. */
    Optional<Throwable> takeNoSocketForTarget() {
        return Optional.ofNullable(noSocketForTarget.getAndSet(null));
    }

    /** No socket is left for a client, which waits in the backlog. */
    void cannotAccept(Throwable cause) {
        String why = "cannot accept clients: " + SocketErrors.of(cause);
        counters.noteError(why);
        refusalLog.warn("[{}] tcp {}", name(), why);
    }

    /** For a while now no target has answered, and nobody was accepted. */
    void noLegIsFree() {
        String why = "clients wait to be accepted: as many links as may ([limits] max_connecting) wait for the target";
        counters.noteError(why);
        refusalLog.warn("[{}] tcp {}", name(), why);
    }

    /** Writes the one line that a link leaves behind. */
    void linkEnded(Supplier<String> summary) {
        linkLog.info(() -> "[" + name() + "] " + summary.get());
    }

    @Override
    public CompletionStage<Void> drain() {
        CompletionStage<Void> closed = listeners.close();
        approaches.forEach(TargetConnector::reconsider);
        return closed.thenRun(() -> {
            listenersClosed = true;
            completeWhenEmpty();
        });
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
        drain().thenRun(() -> cutOffAfter(grace));
        return stopped;
    }

    private void cutOffAfter(Duration grace) {
        if (grace.isZero()) {
            cutOffAll();
        } else if (!stopped.isDone()) {
            context.loops().control().schedule(this::cutOffAll, grace.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void cutOffAll() {
        connections.forEach(client -> client.cutOff("wslproxy, or its forward, has stopped"));
    }

    private void completeWhenEmpty() {
        if (listenersClosed && connections.isEmpty()) {
            listeners.unsubscribe();
            stopped.complete(null);
        }
    }

    @Override
    public Forward forward() {
        return listeners.forward();
    }

    private String name() {
        return forward().name();
    }

    @Override
    public Protocol protocol() {
        return Protocol.TCP;
    }

    @Override
    public List<ListenerStatus> listeners() {
        return listeners.statuses();
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
        return context.loops().gather(loop -> clientsOn(loop).flatMap(client -> client.pairing().stream()));
    }

    @Override
    public CompletionStage<Boolean> end(InetSocketAddress client) {
        return context.loops()
                .gather(loop -> {
                    List<ClientConnection> found =
                            clientsOn(loop).filter(one -> one.isOf(client)).toList();
                    found.forEach(one -> one.cutOff("ended by hand"));
                    return found.stream();
                })
                .thenApply(ended -> !ended.isEmpty());
    }

    private Stream<ClientConnection> clientsOn(EventLoop loop) {
        return connections.stream().filter(client -> client.eventLoop() == loop);
    }

    /** The clients that are neither joined nor refused yet. Safe for any thread. */
    Set<TargetConnector> approaches() {
        return approaches;
    }

    TcpDialer dialer() {
        return dialer;
    }

    boolean isStopping() {
        return listeners.isClosing();
    }

    ConnectQueue legs() {
        return legs;
    }

    /** The places of clients that wait for a target that is not there, or does not answer yet. */
    FairQuota waitingRoom() {
        return waitingRoom;
    }

    /** How many clients wait for a target that is not there, or does not answer yet. */
    int clientsWaiting() {
        return waitingRoom.used();
    }

    SendDrain sendQueues() {
        return sendQueues;
    }

    RelayContext context() {
        return context;
    }
}
