package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.EvictableSessions;
import io.github.wslproxy.relay.IdleSweeper;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.SocketErrors;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One client's pairing with the target: its own socket towards it, which it owns. A datagram that cannot be sent at
 * once is dropped, unless the target is not there and is to be waited for. Lives on the event loop of the listener.
 */
final class UdpSession implements IdleSweeper.Expirable, TargetSocket.Owner, EvictableSessions.Candidate {
    private final UdpClients clients;
    private final UdpSessions sessions;
    private final UdpTarget target;
    private final TargetSocket socket;
    private final InetSocketAddress address;
    private final ClientKey client;
    private final HeldDatagrams held;
    private final SessionActivity activity;
    private final AtomicBoolean isAdmitted = new AtomicBoolean(true);
    private final long began = System.nanoTime();
    private @Nullable InetSocketAddress sentTo;
    private long datagramsIn;
    private long datagramsOut;
    private long bytesIn;
    private long bytesOut;
    private boolean ended;

    /**
     * Has no socket yet.
     *
     * @param address where the client sends from
     * @param client as it was let in
     */
    UdpSession(
            RelayContext context,
            UdpClients clients,
            UdpSessions sessions,
            UdpTarget target,
            UdpSocketFactory sockets,
            InetSocketAddress address,
            ClientKey client) {
        this.clients = clients;
        this.sessions = sessions;
        this.target = target;
        this.socket = new TargetSocket(target, sockets, sessions.listener().eventLoop(), this);
        this.address = address;
        this.client = client;
        this.held = new HeldDatagrams(context.limits().held(), client);
        this.activity = new SessionActivity(this, target.idleTimeout());
    }

    /** Opens its socket towards {@code where}. If that fails, the client is refused and has no session. */
    boolean opens(InetSocketAddress where) {
        try {
            socket.towards(where);
            return true;
        } catch (IOException noSocketLeft) {
            ended = true;
            leave();
            clients.refuse(address, Refusal.noSocket(SocketErrors.of(noSocketLeft)));
            return false;
        }
    }

    /**
     * Sends what the client sent on to the target, wherever that is now, or keeps it for one that may come up.
     *
     * @param payload good until this returns
     * @param now a {@link System#nanoTime()}
     */
    void send(ByteBuffer payload, long now) {
        activity.asked(now);
        InetSocketAddress where = target.current();
        if (where != null) {
            sendHeld(where);
            send(payload, where);
        } else if (target.holdTimeout().isZero()) {
            clients.lost(address, target.problem()::text);
        } else {
            hold(payload, now);
        }
    }

    private void hold(ByteBuffer payload, long now) {
        if (!held.keep(payload, now, target.holdTimeout())) {
            Refusal problem = target.problem();
            clients.lost(address, () -> problem.text() + ", and only the newest few are kept");
        }
        target.requestWake();
    }

    /** The target may have come up, and what was kept can go. */
    void targetChanged() {
        InetSocketAddress now = target.current();
        if (now != null) {
            sendHeld(now);
        } else if (held.isWaiting()) {
            target.requestWake();
        }
    }

    private void sendHeld(InetSocketAddress to) {
        held.endWait();
        for (byte[] oldest = held.poll(); oldest != null; oldest = held.poll()) {
            send(ByteBuffer.wrap(oldest), to);
        }
    }

    private void send(ByteBuffer payload, InetSocketAddress to) {
        sentTo = to;
        int bytes = payload.remaining();
        try {
            if (write(socket.towards(to), payload, to)) {
                datagramsIn++;
                bytesIn += bytes;
                clients.stats().countBytesIn(bytes);
            }
        } catch (IOException | IllegalArgumentException notSent) {
            failed(notSent);
        }
    }

    /**
     * Returns to the client what came back, if it comes from the target; while there is none, from where it was last: a
     * VM that is taken for stopped may still answer.
     */
    @Override
    public void received(InetSocketAddress sender, ByteBuffer payload) {
        InetSocketAddress now = target.current();
        InetSocketAddress from = now == null ? sentTo : now;
        if (!sender.equals(from)) {
            clients.answeredByAnother(address, sender, from);
            return;
        }
        long nanos = System.nanoTime();
        if (endIfIdle(nanos)) {
            return;
        }
        InetSocketAddress oneOfSeveral = socket.connectedTo();
        if (activity.answered(nanos) && oneOfSeveral != null) {
            target.worked(oneOfSeveral);
        }
        int bytes = payload.remaining();
        try {
            if (write(sessions.listener(), payload, address)) {
                datagramsOut++;
                bytesOut += bytes;
                clients.stats().countBytesOut(bytes);
                clients.stats().noteServed(address.getAddress());
            }
        } catch (IOException | IllegalArgumentException notSent) {
            clients.lost(address, () -> SocketErrors.of(notSent));
        }
    }

    private boolean write(UdpSocket to, ByteBuffer payload, InetSocketAddress where) throws IOException {
        if (to.send(payload, where)) {
            return true;
        }
        clients.lost(address, () -> "the system takes no more at the moment");
        return false;
    }

    /** The next datagram may fare better. */
    @Override
    public void failed(Throwable cause) {
        clients.lost(address, () -> SocketErrors.of(cause));
        target.failed(socket.connectedTo());
    }

    @Override
    public void closedBySystem() {
        end("its socket was closed by the system");
    }

    @Override
    public boolean isExpired(long now) {
        if (held.isWaiting()) {
            target.requestWake();
            return hasWaitedInVain(now);
        }
        return activity.isIdle(now);
    }

    /**
     * Ends it where it has been idle for too long and no sweep has come by yet.
     *
     * @return whether it has ended
     */
    boolean endIfIdle(long now) {
        if (held.isWaiting() || !activity.isIdle(now)) {
            return false;
        }
        end("idle");
        return true;
    }

    private boolean hasWaitedInVain(long now) {
        if (!held.hasWaitedInVain(now)) {
            return false;
        }
        Refusal problem = target.problem().afterKeeping(held.endWait(), held.clear());
        if (sentTo == null) {
            clients.refuse(address, problem);
            return true;
        }
        clients.lost(address, problem::text);
        return false;
    }

    @Override
    public void expire() {
        end(sentTo == null ? "its target did not come up" : "idle");
    }

    /** Ends it; later calls do nothing. */
    void end(String reason) {
        end(reason, false);
    }

    private void end(String reason, boolean evicted) {
        if (ended) {
            return;
        }
        ended = true;
        held.clear();
        clients.evictable().remove(this);
        sessions.remove(this);
        leave();
        socket.close();
        clients.sessionEnded(this, reason, evicted);
    }

    /** Safe for any thread, as the newcomer that needs its place may be on another event loop. */
    @Override
    public void giveWay() {
        leave();
        Runnable end = () -> end("gave way to a new client, as a limit is reached", true);
        EventLoop loop = sessions.listener().eventLoop();
        if (loop.inEventLoop()) {
            end.run();
        } else {
            loop.execute(() -> Fault.escalating(end));
        }
    }

    private void leave() {
        if (isAdmitted.compareAndSet(true, false)) {
            clients.admission().leave(client);
        }
    }

    @Override
    public EvictableSessions.Table table() {
        return clients.evictable();
    }

    @Override
    public ClientKey client() {
        return client;
    }

    InetSocketAddress address() {
        return address;
    }

    /** The address that the last datagram went to; null if none did. */
    @Nullable
    InetSocketAddress sentTo() {
        return sentTo;
    }

    ConnectionInfo info() {
        Duration age = Duration.ofNanos(System.nanoTime() - began);
        return new ConnectionInfo(
                Protocol.UDP, address, sentTo == null ? "" : Peer.name(sentTo), age, bytesIn, bytesOut);
    }

    /** What has passed, in words for the log. */
    String traffic() {
        return "datagrams: " + datagramsIn + " in (" + bytesIn + " bytes), " + datagramsOut + " out (" + bytesOut
                + " bytes)";
    }
}
