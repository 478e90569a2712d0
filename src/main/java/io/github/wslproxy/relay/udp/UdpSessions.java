package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.SocketErrors;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One listening socket and the sessions of the clients that speak to it. Everything happens on its event loop. */
final class UdpSessions extends ChannelInboundHandlerAdapter implements UdpSocket.Receiver {
    /**
     * Ports of servers that answer anything, answers included (RFC 862, 867, 865, 864, 868). A forged sender would have
     * such a server and the target talk to each other for ever (CVE-2024-2169); no client sends from there.
     */
    private static final Map<Integer, String> SERVER_PORTS =
            Map.of(7, "echo", 13, "daytime", 17, "quote of the day", 19, "chargen", 37, "time");

    private static final int LAST_SERVER_PORT = Collections.max(SERVER_PORTS.keySet());

    private static final int ONE_OF_FLOOD = 512;

    private final RelayContext context;
    private final UdpClients clients;
    private final UdpSocket listener;
    private final UdpTarget target;
    private final UdpSocketFactory sockets;
    private final Map<InetSocketAddress, UdpSession> byAddress = new HashMap<>();
    private int newcomersOfFlood;

    /**
     * No session is open.
     *
     * @param listener the socket that the clients speak to
     * @param sockets opens those of sessions
     */
    UdpSessions(
            RelayContext context, UdpClients clients, UdpSocket listener, UdpTarget target, UdpSocketFactory sockets) {
        this.context = context;
        this.clients = clients;
        this.listener = listener;
        this.target = target;
        this.sockets = sockets;
    }

    /** The way of a datagram: whose is it, may that client have a session, send. */
    @Override
    public void received(InetSocketAddress client, ByteBuffer payload) {
        long now = System.nanoTime();
        UdpSession session = byAddress.get(client);
        if (session != null && session.endIfIdle(now)) {
            session = null;
        }
        if (session == null) {
            session = open(client);
        }
        if (session != null) {
            session.send(payload, now);
        }
    }

    private @Nullable UdpSession open(InetSocketAddress address) {
        InetSocketAddress where = target.look();
        Refusal refusal = refusalOf(address, where);
        if (refusal != null) {
            clients.refuse(address, refusal);
            return null;
        }
        ClientKey client = ClientKey.ofDatagram(
                address.getAddress(), listener.localAddress().getAddress(), context.localAddresses());
        if (!clients.admit(address, client, target.mapping(), mayEvict())) {
            return null;
        }
        UdpSession session = new UdpSession(context, clients, this, target, sockets, address, client);
        if (where != null && !session.opens(where)) {
            return null;
        }
        byAddress.put(address, session);
        context.sweeper().add(listener.eventLoop(), session);
        clients.stats().countAccepted();
        clients.stats().noteClient(address);
        return session;
    }

    /** Why no client at {@code address} may have a session now; null if it may. */
    private @Nullable Refusal refusalOf(InetSocketAddress address, @Nullable InetSocketAddress where) {
        if (where == null && target.holdTimeout().isZero()) {
            return target.problem();
        }
        if (target.isTarget(address) || context.loopGuard().listensAt(Protocol.UDP, address)) {
            // One datagram with a forged sender would go to and fro between two servers for ever (CVE-2024-2169).
            return Refusal.clientIsTarget();
        }
        String server = address.getPort() > LAST_SERVER_PORT ? null : SERVER_PORTS.get(address.getPort());
        return server == null ? null : Refusal.serverPort(address.getPort(), server);
    }

    /**
     * A newcomer in a flood takes the place of another only now and then: to open a socket and to close one takes as
     * long as to refuse twenty, and the datagrams of those who talk would be lost meanwhile.
     */
    private boolean mayEvict() {
        return !listener.isFlooded() || ++newcomersOfFlood % ONE_OF_FLOOD == 0;
    }

    /** The socket that the clients speak to, from which alone replies may leave. */
    UdpSocket listener() {
        return listener;
    }

    /** Called by the session itself, once. */
    void remove(UdpSession session) {
        byAddress.remove(session.address());
        context.sweeper().remove(listener.eventLoop(), session);
    }

    /** Has the sessions follow the target. Safe for any thread. */
    void targetChanged() {
        onLoop(() -> all().forEach(UdpSession::targetChanged));
    }

    /** Copied: whoever looks at them may end them. */
    Stream<UdpSession> all() {
        return List.copyOf(byAddress.values()).stream();
    }

    boolean isEmpty() {
        return byAddress.isEmpty();
    }

    /** Ends all sessions. Safe for any thread. */
    void endAllSoon(String reason) {
        onLoop(() -> endAll(reason));
    }

    void endAll(String reason) {
        all().forEach(session -> session.end(reason));
    }

    private void onLoop(Runnable step) {
        listener.eventLoop().execute(() -> Fault.escalating(step));
    }

    /** A reply that could not be sent, or what a system reports of earlier ones. No reason to stop listening. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Fault.escalateFatal(cause);
        clients.lost(listener.localAddress(), () -> SocketErrors.of(cause));
    }
}
