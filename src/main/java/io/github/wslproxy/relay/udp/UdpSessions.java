package io.github.wslproxy.relay.udp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.Refusal;
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

    private final UdpRelay relay;
    private final UdpSocket listener;
    private final UdpTarget destination;
    private final UdpSocketOptions sockets;
    private final Map<InetSocketAddress, UdpSession> byClient = new HashMap<>();
    private int newcomersOfFlood;

    UdpSessions(UdpRelay relay, UdpSocket listener, UdpTarget destination, UdpSocketOptions sockets) {
        this.relay = relay;
        this.listener = listener;
        this.destination = destination;
        this.sockets = sockets;
    }

    /** The way of a datagram: whose is it, may that client have a session, send. */
    @Override
    public void received(InetSocketAddress client, ByteBuffer payload) {
        long now = System.nanoTime();
        UdpSession session = byClient.get(client);
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

    private @Nullable UdpSession open(InetSocketAddress client) {
        InetSocketAddress target = destination.look();
        if (target == null && destination.hold().isZero()) {
            relay.refuse(client, destination.problem());
            return null;
        }
        if (destination.isTarget(client) || relay.context().loopGuard().listensAt(Protocol.UDP, client)) {
            // With a forged sender one datagram would go to and fro between two servers for ever (CVE-2024-2169).
            relay.refuse(client, Refusal.clientIsTarget());
            return null;
        }
        String server = client.getPort() > LAST_SERVER_PORT ? null : SERVER_PORTS.get(client.getPort());
        if (server != null) {
            relay.refuse(client, Refusal.serverPort(client.getPort(), server));
            return null;
        }
        ClientKey guest = ClientKey.ofDatagram(
                client.getAddress(),
                listener.localAddress().getAddress(),
                relay.context().localAddresses());
        if (!relay.admit(client, guest, destination.route(), mayTakeAPlace())) {
            return null;
        }
        UdpSession session = new UdpSession(relay, this, destination, sockets, client, guest);
        if (target != null && !session.opens()) {
            return null;
        }
        return start(session);
    }

    /**
     * In a flood a newcomer takes the place of another only now and then: to open a socket and to close one takes as
     * long as to refuse twenty, and the datagrams of those who talk would be lost meanwhile.
     */
    private boolean mayTakeAPlace() {
        return !listener.isFlooded() || ++newcomersOfFlood % ONE_OF_FLOOD == 0;
    }

    private UdpSession start(UdpSession session) {
        byClient.put(session.address(), session);
        relay.context().sweeper().add(listener.eventLoop(), session);
        relay.counters().countAccepted();
        relay.counters().noteClient(session.address());
        return session;
    }

    /** The socket that the clients speak to, from which alone replies may leave. */
    UdpSocket listener() {
        return listener;
    }

    /** Called by the session itself, once. */
    void remove(UdpSession session) {
        byClient.remove(session.address());
        relay.context().sweeper().remove(listener.eventLoop(), session);
    }

    /** To be called, on any thread, when the target has changed. */
    void targetChanged() {
        listener.eventLoop()
                .execute(() ->
                        Fault.escalating(() -> List.copyOf(byClient.values()).forEach(UdpSession::targetChanged)));
    }

    /** Once the caller is done with it they may have changed. */
    Stream<UdpSession> all() {
        return List.copyOf(byClient.values()).stream();
    }

    boolean isEmpty() {
        return byClient.isEmpty();
    }

    /** As {@link #endAll}, from any thread. */
    void endAllSoon(String reason) {
        listener.eventLoop().execute(() -> Fault.escalating(() -> endAll(reason)));
    }

    void endAll(String reason) {
        List.copyOf(byClient.values()).forEach(session -> session.end(reason));
    }

    /** A reply that could not be sent, or what a system reports of earlier ones. No reason to stop listening. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Fault.escalateFatal(cause);
        relay.lost(listener.localAddress(), () -> SocketErrors.of(cause));
    }
}
