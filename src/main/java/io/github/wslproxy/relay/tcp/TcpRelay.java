package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
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
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Relays the TCP connections of one forward. */
public final class TcpRelay implements Relay {
    /** Fired into the pipeline of a client that has to go now. */
    static final Object CUT_OFF = new Object();

    private static final Logger log = LoggerFactory.getLogger(TcpRelay.class);
    private static final int LINES_PER_SECOND = 20;
    private static final int REFUSALS_PER_SECOND = 1;

    private final Forward forward;
    private final TargetSource source;
    private final RelayContext context;
    private final ClientSlots slots;
    private final RelayCounters counters;
    private final LinkSockets sockets;
    private final TcpDialer dialer;
    private final List<Listener> listeners;
    private final QuietLog linkLog = new QuietLog(log, LINES_PER_SECOND);
    private final QuietLog refusalLog = new QuietLog(log, REFUSALS_PER_SECOND);
    private final Set<Channel> clients = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean stopping;

    /**
     * Opens nothing yet.
     *
     * @param source where the target's address comes from; its port is the forward's
     */
    public TcpRelay(Forward forward, TargetSource source, RelayContext context) {
        this.forward = forward;
        this.source = source;
        this.context = context;
        slots = new ClientSlots(forward.limits().connections(), forward.limits().connectionsPerClient());
        counters = new RelayCounters(slots::inUse);
        sockets = new LinkSockets(context.loops());
        dialer = new TcpDialer(sockets, forward.timeouts().connect());
        listeners = Route.of(forward).stream().map(this::listener).toList();
    }

    private Listener listener(Route route) {
        TcpBinder binder = new TcpBinder(context.loops(), sockets, route.host(), client -> accepted(client, route));
        return new Listener(context, forward, Protocol.TCP, route, source, binder);
    }

    @Override
    public CompletionStage<Void> start() {
        source.onChange(unused -> listeners.forEach(Listener::reconsider));
        return Stages.all(listeners.stream().map(Listener::open));
    }

    /** The way of a client: who is it, where to, connect, join. Called on the client's event loop, nothing read yet. */
    private void accepted(Channel client, Route route) {
        if (!(client.remoteAddress() instanceof InetSocketAddress remote)) {
            client.close(); // It has left already.
            return;
        }
        if (!admit(client, remote.getAddress())) {
            return;
        }
        Optional<InetAddress> address = source.current().address();
        if (address.isEmpty()) {
            refuse(client, "WSL is not there: " + source.current().reason());
            return;
        }
        InetSocketAddress target = new InetSocketAddress(address.get(), route.targetPort());
        if (context.loopGuard().leadsBack(Protocol.TCP, target)) {
            refuse(client, "its target " + Peer.name(target) + " is wslproxy itself");
            return;
        }
        dialer.dial(client, target).addListener((ChannelFuture dialled) -> connected(client, target, dialled));
    }

    /** Asks access and limits; a client that is let in counts until its channel closes. */
    private boolean admit(Channel client, InetAddress address) {
        if (stopping) {
            refuse(client, "wslproxy is stopping");
            return false;
        }
        if (!forward.access().permits(address)) {
            refuse(client, "its address is not allowed (allow, deny)");
            return false;
        }
        ClientSlots.Answer answer = slots.take(address);
        if (answer != ClientSlots.Answer.GRANTED) {
            boolean full = answer == ClientSlots.Answer.FULL;
            refuse(client, "limit reached: " + (full ? "max_connections" : "max_connections_per_client"));
            return false;
        }
        clients.add(client);
        client.closeFuture().addListener(unused -> left(client, address));
        return true;
    }

    private void connected(Channel client, InetSocketAddress target, ChannelFuture dialled) {
        Channel leg = dialled.channel();
        if (!dialled.isSuccess()) {
            source.suspect();
            // Netty appends the address, which is said already.
            String why = FailureText.of(dialled.cause()).replace(": " + target, "");
            refuse(client, "cannot connect to " + Peer.name(target) + ": " + why);
            return;
        }
        if (!client.isActive()) {
            LinkSockets.reset(leg);
            return;
        }
        counters.countAccepted();
        TcpLink.join(this, client, leg);
    }

    /** By a reset, so that it looks to the client as if nobody listened. */
    private void refuse(Channel client, String reason) {
        counters.countRefused();
        counters.noteError("refused " + Peer.name(client.remoteAddress()) + ": " + reason);
        refusalLog.warn("[{}] {} tcp refused: {}", forward.name(), Peer.name(client.remoteAddress()), reason);
        LinkSockets.reset(client);
    }

    private void left(Channel client, InetAddress address) {
        slots.release(address);
        clients.remove(client);
        completeWhenEmpty();
    }

    /** Writes the one line that a link leaves behind. */
    void linkEnded(String client, String target, long bytesIn, long bytesOut, long nanos, String reason) {
        linkLog.info(
                "[{}] {} -> {} tcp ended after {} s: {}; {} bytes in, {} out",
                forward.name(),
                client,
                target,
                String.format(Locale.ROOT, "%.1f", nanos / 1e9),
                reason,
                bytesIn,
                bytesOut);
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
        stopping = true;
        Stages.all(listeners.stream().map(Listener::close)).thenRun(() -> drain(grace));
        return stopped;
    }

    private void drain(Duration grace) {
        completeWhenEmpty();
        if (grace.isZero()) {
            cutOffAll();
        } else if (!stopped.isDone()) {
            context.loops().control().schedule(this::cutOffAll, grace.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void cutOffAll() {
        clients.forEach(client -> client.eventLoop().execute(() -> {
            client.pipeline().fireUserEventTriggered(CUT_OFF);
            LinkSockets.reset(client);
        }));
    }

    private void completeWhenEmpty() {
        if (stopping && clients.isEmpty()) {
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
