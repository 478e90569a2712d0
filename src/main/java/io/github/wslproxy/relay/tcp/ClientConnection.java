package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Client;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.OutgoingPorts;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.Peer;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that was let in, until neither its socket nor that of its target is open. Belongs to the event loop of both,
 * where nothing else is said.
 */
final class ClientConnection {
    private final TcpSocket socket;
    private final Client client;
    private final ListenerConfig duty;
    private final Consumer<ClientConnection> whenClosed;
    private final long since = System.nanoTime();
    private volatile @Nullable InetSocketAddress target;
    private @Nullable TcpLink link;
    private int open;

    /** @param whenClosed told once, on the event loop */
    ClientConnection(TcpSocket socket, Client client, ListenerConfig duty, Consumer<ClientConnection> whenClosed) {
        this.socket = socket;
        this.client = client;
        this.duty = duty;
        this.whenClosed = whenClosed;
    }

    /** To be called once. A socket that is closed already is told at once. */
    void begin() {
        holdWhileOpen(socket);
    }

    private void holdWhileOpen(Channel channel) {
        open++;
        channel.closeFuture().addListener(unused -> Fault.escalating(this::closed));
    }

    private void closed() {
        if (--open == 0) {
            whenClosed.accept(this);
        }
    }

    void connectedTo(TcpSocket leg) {
        target = leg.remoteAddress();
        holdWhileOpen(leg);
    }

    void joinedBy(TcpLink both) {
        link = both;
    }

    Client client() {
        return client;
    }

    /** Safe for any thread. */
    EventLoop eventLoop() {
        return socket.eventLoop();
    }

    boolean isOf(InetSocketAddress address) {
        return address.equals(socket.remoteAddress());
    }

    ConnectionInfo pairing(InetSocketAddress address) {
        InetSocketAddress to = target;
        return new ConnectionInfo(
                Protocol.TCP,
                address,
                to == null ? "" : Peer.name(to),
                Duration.ofNanos(System.nanoTime() - since),
                link == null ? 0 : link.bytesIn(),
                link == null ? 0 : link.bytesOut());
    }

    /** Empty if the client has just left. */
    Optional<ConnectionInfo> pairing() {
        return Optional.ofNullable(socket.remoteAddress()).map(this::pairing);
    }

    /** Whether the port on our side of the target stays taken for a while. */
    boolean leavesPortWaiting() {
        InetSocketAddress to = target;
        return to != null && link != null && link.leavesPortWaiting() && OutgoingPorts.staysTaken(to.getAddress());
    }

    /**
     * Where it leads to, if that is where a VM was that is elsewhere by now, or nowhere. Nobody says that of a name:
     * its servers may go on with what they have when it leads to others. Safe for any thread.
     */
    Optional<InetSocketAddress> oldTarget() {
        InetSocketAddress to = target;
        boolean left = to != null
                && duty.forward().target().host() instanceof Host.Wsl
                && !duty.source().addresses(to.getPort()).contains(to.getAddress());
        return left ? Optional.ofNullable(to) : Optional.empty();
    }

    /** As {@link #oldTarget}, at one address. */
    boolean isLeftBehindAt(InetAddress address) {
        return oldTarget().filter(to -> to.getAddress().equals(address)).isPresent();
    }

    /**
     * Resets both sides. Safe for any thread.
     *
     * @param why for the log
     */
    void cutOff(String why) {
        socket.eventLoop()
                .execute(() -> Fault.escalating(() -> {
                    if (link == null) {
                        TcpSocketOptions.reset(socket);
                    } else {
                        link.cutOff(why);
                    }
                }));
    }
}
