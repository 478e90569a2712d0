package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.ConnectionLimits;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.Listeners;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.target.TargetSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Relays the TCP connections of one forward. */
public final class TcpRelay implements Relay {
    private final RelayContext context;
    private final Admission admission;
    private final RelayStats stats;
    private final Listeners listeners;
    private final ConnectQueue queue;
    private final TcpDialer dialer;
    private final TcpLinks links;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /**
     * Opens nothing yet.
     *
     * @param source where the target's address comes from; its port is the forward's
     */
    public TcpRelay(Forward forward, TargetSource source, RelayContext context) {
        this.context = context;
        admission = new Admission(forward, Protocol.TCP, context.hostAdapter(), context.limits(), null);
        stats = new RelayStats(admission.limits()::inUse, context.localAddresses()::contains);
        links = new TcpLinks(context, stats, () -> forward().name());
        queue = new ConnectQueue(context.limits());
        dialer = new TcpDialer(context.loopGuard(), queue::noSocketLeft);
        TcpAcceptor acceptor =
                new TcpAcceptor(context.loops(), context.loopGuard(), queue, this::accepted, links::noteProblem);
        listeners = new Listeners(context, Protocol.TCP, forward, source, acceptor, Stream::of);
    }

    /** Whether this Java can ask a silent peer whether it is still there, sooner than the system would. */
    public static boolean keepsAlive() {
        return KeepAlive.isSupported();
    }

    @Override
    public CompletionStage<Void> start() {
        return listeners.start(links::targetChanged);
    }

    @Override
    public CompletionStage<Void> change(Forward next, TargetSource source) {
        admission.change(next);
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

    /** Called on the client's event loop, before anything is read from the client. */
    private void accepted(TcpSocket client, ListenerConfig config) {
        Fault.contain(
                () -> admitAndConnect(client, config),
                failure -> links.refuse(client, Refusal.unexpected(Fault.line(failure))));
    }

    private void admitAndConnect(TcpSocket socket, ListenerConfig config) {
        InetSocketAddress remote = socket.remoteAddress();
        ClientKey client = ClientKey.of(remote.getAddress(), context.localAddresses());
        Optional<Refusal> refusal = closed().or(() -> enter(client, config.mapping()));
        if (refusal.isPresent()) {
            links.refuse(socket, refusal.get());
            return;
        }
        TcpLink link = links.open(socket, remote, client, admission, config);
        link.connect(queue, dialer);
        if (listeners.isClosing()) {
            link.stopConnecting();
        }
    }

    private Optional<Refusal> closed() {
        if (listeners.isClosing()) {
            return Optional.of(Refusal.stopping());
        }
        return listeners.isPaused() ? Optional.of(Refusal.paused()) : Optional.empty();
    }

    /** Asks access and limits. A client that is let in counts until its link is over. */
    private Optional<Refusal> enter(ClientKey client, PortMapping mapping) {
        Optional<Refusal> refusal = admission.enter(client, mapping);
        if (refusal.isEmpty() && !context.limits().outgoingPorts().take(client)) {
            admission.leave(client);
            return Optional.of(Refusal.outgoingPorts(client));
        }
        return refusal;
    }

    @Override
    public CompletionStage<Void> drain() {
        CompletionStage<Void> closed = listeners.close();
        links.stopConnecting();
        return closed.thenRun(() -> links.whenEmpty(this::complete));
    }

    private void complete() {
        listeners.unsubscribe();
        stopped.complete(null);
    }

    @Override
    public CompletionStage<Void> stop(Duration grace) {
        drain().thenRun(() -> cutOffAfter(grace));
        return stopped;
    }

    private void cutOffAfter(Duration grace) {
        Runnable cutOff = () -> links.cutOffAll("wslproxy, or its forward, has stopped");
        if (grace.isZero()) {
            cutOff.run();
        } else if (!stopped.isDone()) {
            context.loops().control().schedule(cutOff, grace.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public Forward forward() {
        return listeners.forward();
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
        return stats;
    }

    @Override
    public ConnectionLimits clients() {
        return admission.limits();
    }

    @Override
    public CompletionStage<List<ConnectionInfo>> connections() {
        return links.infos();
    }

    @Override
    public CompletionStage<Boolean> end(InetSocketAddress client) {
        return links.end(client);
    }

    /** The clients that wait for a connect or for the target. */
    ConnectQueue connectQueue() {
        return queue;
    }
}
