package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.ClientSlots;
import io.github.wslproxy.relay.FailureText;
import io.github.wslproxy.relay.Listener;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.QuietLog;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayCounters;
import io.github.wslproxy.relay.Route;
import io.github.wslproxy.relay.Stages;
import io.github.wslproxy.target.TargetSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Relays the TCP connections of one forward. */
public final class TcpRelay implements Relay {
    /** Fired into the pipeline of a channel that has to go now. */
    static final Object CUT_OFF = new Object();

    private static final Logger log = LoggerFactory.getLogger(TcpRelay.class);
    private static final int LINKS_PER_SECOND = 20;
    private static final int REFUSALS_PER_SECOND = 5;

    private final Forward forward;
    private final TargetSource source;
    private final RelayContext context;
    private final Admission admission;
    private final RelayCounters counters;
    private final LinkSockets sockets;
    private final TcpDialer dialer;
    private final List<Listener> listeners;
    private final QuietLog linkLog;
    private final QuietLog refusalLog;
    private final Set<Channel> channels = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile Runnable unsubscribe = () -> {};
    private volatile boolean stopping;
    private volatile boolean listenersClosed;

    /**
     * Opens nothing yet.
     *
     * @param source where the target's address comes from; its port is the forward's
     */
    public TcpRelay(Forward forward, TargetSource source, RelayContext context) {
        this.forward = forward;
        this.source = source;
        this.context = context;
        ClientSlots slots =
                new ClientSlots(forward.limits().connections(), forward.limits().connectionsPerClient());
        admission =
                new Admission(forward.access(), context.localAddresses(), context.wslSide(), slots, "max_connections");
        counters = new RelayCounters(slots::inUse, context.localAddresses()::contains);
        sockets = new LinkSockets(context.loops());
        dialer = new TcpDialer(sockets, forward.timeouts().connect());
        listeners = Route.of(forward).stream().map(this::listener).toList();
        linkLog = new QuietLog(log, LINKS_PER_SECOND, context.loops().control());
        refusalLog = new QuietLog(log, REFUSALS_PER_SECOND, context.loops().control());
    }

    private Listener listener(Route route) {
        TcpBinder binder = new TcpBinder(this, sockets, route);
        return new Listener(context, forward, Protocol.TCP, route, source, binder);
    }

    @Override
    public CompletionStage<Void> start() {
        unsubscribe = context.onChange(source, () -> listeners.forEach(Listener::reconsider));
        return Stages.all(listeners.stream().map(Listener::open));
    }

    /** The way of a client: who is it, where to, connect, join. Called on the client's event loop, nothing read yet. */
    void accepted(Channel client, Route route) {
        if (!(client.remoteAddress() instanceof InetSocketAddress remote)) {
            client.close(); // It has left already.
            return;
        }
        Seat seat = new Seat(remote.getAddress());
        if (!admit(client, route, seat)) {
            return;
        }
        Optional<InetAddress> address = source.current().address();
        if (address.isEmpty()) {
            refuse(client, "its target is not there: " + source.current().reason());
            return;
        }
        InetSocketAddress target = new InetSocketAddress(address.get(), route.targetPort());
        if (context.loopGuard().leadsBack(Protocol.TCP, target)) {
            refuse(client, "its target " + Peer.name(target) + " is wslproxy itself");
            return;
        }
        dialer.dial(client, target, new TcpDialer.Outcome() {
            @Override
            public void connected(Channel leg) {
                join(client, leg, seat);
            }

            @Override
            public void failed(Throwable cause) {
                unreachable(client, target, cause);
            }
        });
    }

    /** Asks access and limits; a client that is let in counts until its link is gone. */
    private boolean admit(Channel client, Route route, Seat seat) {
        Optional<String> refusal = stopping ? Optional.of("wslproxy is stopping") : admission.enter(seat.client, route);
        if (refusal.isPresent()) {
            refuse(client, refusal.get());
            return false;
        }
        seat.holdWhileOpen(client);
        return true;
    }

    private void join(Channel client, Channel leg, Seat seat) {
        if (!client.isActive() || stopping) {
            LinkSockets.reset(leg);
            LinkSockets.reset(client);
            return;
        }
        seat.holdWhileOpen(leg);
        counters.countAccepted();
        if (client.remoteAddress() instanceof InetSocketAddress remote) {
            counters.noteClient(remote, "");
        }
        log.debug("[{}] {} -> {} tcp joined", forward.name(), client.remoteAddress(), leg.remoteAddress());
        TcpLink.join(this, client, leg);
    }

    private void unreachable(Channel client, InetSocketAddress target, Throwable cause) {
        // Netty appends the address, which is said already.
        String why = FailureText.of(cause).replace(": " + target, "");
        if (cause instanceof ChannelException) {
            refuse(client, "wslproxy has no socket left for its target: " + why);
            return;
        }
        source.suspect();
        refuse(client, "cannot connect to " + Peer.name(target) + ": " + why);
    }

    /** A client's slot, held until neither of its channels is open. Belongs to the event loop of both. */
    private final class Seat {
        private final InetAddress client;
        private int open;

        Seat(InetAddress client) {
            this.client = client;
        }

        void holdWhileOpen(Channel channel) {
            open++;
            channels.add(channel);
            channel.closeFuture().addListener(unused -> closed(channel));
        }

        private void closed(Channel channel) {
            if (--open == 0) {
                admission.leave(client);
            }
            channels.remove(channel);
            completeWhenEmpty();
        }
    }

    /** By a reset, so that it looks to the client as if nobody listened. */
    private void refuse(Channel client, String reason) {
        counters.countRefused();
        if (client.remoteAddress() instanceof InetSocketAddress remote) {
            counters.noteClient(remote, reason);
        }
        counters.noteError("refused " + Peer.name(client.remoteAddress()) + ": " + reason);
        refusalLog.warn("[{}] {} tcp refused: {}", forward.name(), Peer.name(client.remoteAddress()), reason);
        LinkSockets.reset(client);
    }

    /** No socket is left for a client; Netty's acceptor pauses for a second, and the client waits in the backlog. */
    void cannotAccept(Throwable cause) {
        String why = "cannot accept clients: " + FailureText.of(cause);
        counters.noteError(why);
        refusalLog.warn("[{}] tcp {}", forward.name(), why);
    }

    /** Writes the one line that a link leaves behind. */
    void linkEnded(Supplier<String> summary) {
        linkLog.info(() -> "[" + forward.name() + "] " + summary.get());
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
        stopping = true;
        unsubscribe.run();
        Stages.all(listeners.stream().map(Listener::close)).thenRun(() -> drain(grace));
        return stopped;
    }

    private void drain(Duration grace) {
        listenersClosed = true;
        completeWhenEmpty();
        if (grace.isZero()) {
            cutOffAll();
        } else if (!stopped.isDone()) {
            context.loops().control().schedule(this::cutOffAll, grace.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void cutOffAll() {
        channels.forEach(channel -> channel.eventLoop().execute(() -> {
            channel.pipeline().fireUserEventTriggered(CUT_OFF);
            LinkSockets.reset(channel);
        }));
    }

    private void completeWhenEmpty() {
        if (listenersClosed && channels.isEmpty()) {
            stopped.complete(null);
        }
    }

    @Override
    public Forward forward() {
        return forward;
    }

    @Override
    public Protocol protocol() {
        return Protocol.TCP;
    }

    @Override
    public List<ListenerStatus> listeners() {
        return listeners.stream().map(Listener::status).toList();
    }

    @Override
    public RelayCounters counters() {
        return counters;
    }

    RelayContext context() {
        return context;
    }
}
