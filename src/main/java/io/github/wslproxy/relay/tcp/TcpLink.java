package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.Admission;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.OutgoingPorts;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import io.github.wslproxy.relay.tcp.TcpDialer.ConnectResult;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The owner of a client from its admission to its end, and of its target from the connect on: nobody else closes their
 * sockets. It lives on the one event loop of both sockets, where all methods are called unless something else is said.
 */
final class TcpLink implements TargetConnector.Client, PumpPair.WhenEnded {
    private final TcpLinks links;
    private final TcpSocket client;
    private final InetSocketAddress clientAddress;
    private final ClientKey clientKey;
    private final Admission admission;
    private final ListenerConfig config;
    private final long acceptedAt = System.nanoTime();
    private int openSockets;

    /** Set while the client is connected to its target. */
    private volatile @Nullable TargetConnector connector;

    /** Set for a client that has to wait, or had to. */
    private @Nullable Preread preread;

    /** Set once the target is connected. */
    private volatile @Nullable TcpSocket target;

    /** Whether it leads to WSL's relay on localhost, which ends it when the VM has gone. */
    private volatile boolean throughLocalhost;

    private @Nullable PumpPair pumps;
    private boolean leavesPortWaiting;

    TcpLink(
            TcpLinks links,
            TcpSocket client,
            InetSocketAddress clientAddress,
            ClientKey clientKey,
            Admission admission,
            ListenerConfig config) {
        this.links = links;
        this.client = client;
        this.clientAddress = clientAddress;
        this.clientKey = clientKey;
        this.admission = admission;
        this.config = config;
    }

    /** Begins to own the client, whose socket may be closed already. */
    void begin() {
        own(client);
    }

    private void own(TcpSocket socket) {
        openSockets++;
        socket.onClose(() -> Fault.escalating(this::socketClosed));
    }

    private void socketClosed() {
        if (connector != null) {
            links.debug(clientAddress, "left before it was connected", "");
            connector.abandon();
            endConnect();
        }
        openSockets--;
        if (openSockets == 0) {
            admission.leave(clientKey);
            links.context().limits().outgoingPorts().giveBack(clientKey, leavesPortWaiting);
            links.remove(this);
        }
    }

    /** Connects to the target, then relays; where that fails, the client is refused. */
    void connect(ConnectQueue queue, TcpDialer dialer) {
        if (client.isOpen()) {
            TargetConnector toTarget = new TargetConnector(queue, dialer, client.eventLoop(), clientKey, config, this);
            connector = toTarget;
            toTarget.connect();
        }
    }

    /** Begins to read a little from the client, which waits for its target. */
    @Override
    public void waits(Refusal problem) {
        if (preread == null) {
            links.debug(clientAddress, "waits:", problem.text());
            preread = new Preread(client, links.context().loops());
        }
    }

    @Override
    public void connectEnded(ConnectResult end) {
        Fault.escalating(() -> relayOrRefuse(end));
    }

    private void relayOrRefuse(ConnectResult end) {
        connector = null;
        if (end instanceof ConnectResult.Connected connected) {
            TcpSocket socket = connected.target();
            Fault.contain(() -> relay(socket), failure -> {
                socket.reset();
                refuse(Refusal.unexpected(Fault.line(failure)));
            });
        } else if (end instanceof ConnectResult.NotConnected failed) {
            refuse(failed.reason());
        }
    }

    private void refuse(Refusal reason) {
        endConnect();
        links.refuse(client, reason);
    }

    private void endConnect() {
        connector = null;
        if (preread != null) {
            preread.drop();
        }
    }

    private void relay(TcpSocket connected) {
        own(connected);
        target = connected;
        throughLocalhost = config.isLocalhostRelay(connected.remoteAddress());
        if (throughLocalhost) {
            links.tellLocalhost(connected.remoteAddress());
        }
        links.countConnected(clientAddress);
        links.debug(clientAddress, "is connected to", connected.remoteAddress());
        FirstBytes first = takeFirstBytes();
        PumpPair pair = new PumpPair(
                client,
                connected,
                config.forward().timeouts(),
                links.stats(),
                links.context().loops(),
                this);
        pumps = pair;
        links.context().sweeper().add(client.eventLoop(), pair);
        pair.begin(first);
        links.watchIfLeftBehind(this);
    }

    /** Puts a PROXY header also in front of nothing: the server may be the one that speaks first. */
    private FirstBytes takeFirstBytes() {
        FirstBytes first = FirstBytes.NONE;
        if (preread != null) {
            first = preread.take();
        }
        ProxyProtocol protocol = config.forward().proxyProtocol();
        return protocol == ProxyProtocol.OFF
                ? first
                : first.behind(ProxyHeader.of(protocol, clientAddress, client.localAddress()));
    }

    @Override
    public void ended(PumpPair pair, String reason, boolean resetClient, boolean resetTarget) {
        TcpSocket to = pair.target();
        InetSocketAddress where = to.remoteAddress();
        Duration age = pair.age();
        leavesPortWaiting = !resetTarget && pair.clientEndedFirst() && OutgoingPorts.staysTaken(where.getAddress());
        links.context().sweeper().remove(client.eventLoop(), pair);
        close(client, resetClient);
        close(to, resetTarget);
        links.logEnd(() -> String.format(
                Locale.ROOT,
                "%s -> %s tcp ended after %.1f s: %s; %d bytes in, %d out",
                Peer.name(clientAddress),
                Peer.name(where),
                age.toNanos() / 1e9,
                reason,
                pair.bytesIn(),
                pair.bytesOut()));
    }

    private static void close(TcpSocket socket, boolean reset) {
        if (reset) {
            socket.reset();
        } else {
            socket.close();
        }
    }

    /** Has the target looked for again if the client is not connected yet. Safe for any thread. */
    void targetChanged() {
        TargetConnector connecting = connector;
        if (connecting != null) {
            connecting.reconsider();
        }
    }

    /** Refuses the client if it is not connected yet. Safe for any thread. */
    void stopConnecting() {
        onLoop(() -> {
            if (connector != null) {
                connector.stop();
            }
        });
    }

    /**
     * Resets both sockets. Safe for any thread.
     *
     * @param why for the log
     */
    void cutOff(String why) {
        onLoop(() -> {
            if (pumps == null) {
                client.reset();
            } else {
                pumps.cutOff(why);
            }
        });
    }

    private void onLoop(Runnable step) {
        client.eventLoop().execute(() -> Fault.escalating(step));
    }

    /** Safe for any thread. */
    EventLoop eventLoop() {
        return client.eventLoop();
    }

    /** Safe for any thread. */
    InetSocketAddress clientAddress() {
        return clientAddress;
    }

    ConnectionInfo info() {
        TcpSocket to = target;
        PumpPair pair = pumps;
        return new ConnectionInfo(
                Protocol.TCP,
                clientAddress,
                to == null ? "" : Peer.name(to.remoteAddress()),
                Duration.ofNanos(System.nanoTime() - acceptedAt),
                pair == null ? 0 : pair.bytesIn(),
                pair == null ? 0 : pair.bytesOut());
    }

    /**
     * The address of the target, if a VM was there that is elsewhere by now, or nowhere. Empty for a target with a
     * name: a server that its name no longer leads to may go on with the connections it has. Safe for any thread.
     */
    Optional<InetSocketAddress> formerTarget() {
        if (target == null || throughLocalhost || !(config.forward().target().host() instanceof Host.Wsl)) {
            return Optional.empty();
        }
        InetSocketAddress where = target.remoteAddress();
        boolean isThere = config.source().addresses(where.getPort()).contains(where.getAddress());
        return isThere ? Optional.empty() : Optional.of(where);
    }
}
