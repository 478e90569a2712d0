package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.ConnectionLimits;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.Listeners;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.target.TargetSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Relays the UDP datagrams of one forward, with a session for each client socket. */
public final class UdpRelay implements Relay {
    private final UdpClients clients;
    private final Listeners listeners;

    /**
     * Opens nothing yet.
     *
     * @param source where the target's address comes from; its port is the forward's
     */
    public UdpRelay(Forward forward, TargetSource source, RelayContext context) {
        clients = new UdpClients(context, forward, () -> forward().name(), this::isPaused);
        listeners = new Listeners(
                context,
                Protocol.UDP,
                forward,
                source,
                new UdpAcceptor(context, clients),
                new EachAddress(context.localAddresses()));
    }

    private boolean isPaused() {
        return listeners.isPaused();
    }

    @Override
    public CompletionStage<Void> start() {
        return listeners.start(clients::targetChanged);
    }

    @Override
    public CompletionStage<Void> change(Forward next, TargetSource source) {
        clients.admission().change(next);
        CompletionStage<Void> released = listeners.change(next, source);
        clients.targetChanged();
        return released;
    }

    @Override
    public void pause() {
        listeners.pause();
        clients.endAll("the forward was paused");
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
        clients.noteStopping();
        listeners.unsubscribe();
        return listeners.close();
    }

    @Override
    public Protocol protocol() {
        return Protocol.UDP;
    }

    @Override
    public RelayStats counters() {
        return clients.stats();
    }

    @Override
    public List<ListenerStatus> listeners() {
        return listeners.statuses();
    }

    @Override
    public Forward forward() {
        return listeners.forward();
    }

    @Override
    public ConnectionLimits clients() {
        return clients.admission().limits();
    }

    @Override
    public CompletionStage<List<ConnectionInfo>> connections() {
        return clients.infos();
    }

    @Override
    public CompletionStage<Boolean> end(InetSocketAddress client) {
        return clients.end(client);
    }

    /** One for each socket that listens now. */
    Set<UdpSessions> tables() {
        return clients.tables();
    }
}
