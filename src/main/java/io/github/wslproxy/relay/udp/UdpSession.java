package io.github.wslproxy.relay.udp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.EvictableSessions;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.IdleSweeper;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One client's pairing with the target: its own socket towards it, which it owns. A datagram that cannot be sent at
 * once is dropped, unless the target is not there and is to be waited for. Lives on the event loop of the listener.
 */
final class UdpSession implements IdleSweeper.Expirable, UdpSocket.Receiver, EvictableSessions.Candidate {
    /** As Linux keeps a UDP flow that has not been used twice (nf_conntrack_udp_timeout). */
    private static final long BRIEF_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Who sends on and on, and is not answered, is no longer the oldest. */
    private static final long REQUEUE_NANOS = TimeUnit.SECONDS.toNanos(1);

    static final String GAVE_WAY = "gave way to a new client, as a limit is reached";

    /** From then on it is a talk, which neither gives way nor ends early. */
    private static final int EXCHANGES_OF_A_TALK = 2;

    private final UdpRelay relay;
    private final UdpSessions sessions;
    private final UdpTarget destination;
    private final InetSocketAddress client;
    private final ClientKey guest;
    private final UdpSocketOptions sockets;
    private final long idleNanos;
    private final long briefIdleNanos;
    private final long began = System.nanoTime();
    private final HeldDatagrams kept;

    /** When a datagram last passed, or was kept, as a {@link System#nanoTime()}. */
    private long lastActivity = began;

    private int exchanges;
    private boolean asked;
    private long queuedAt;
    private boolean waits;
    private long waitsSince;
    private long holdNanos;
    private @Nullable UdpSocket socket;
    private UdpTarget.@Nullable Source boundTo;
    private @Nullable InetSocketAddress connectedTo;
    private @Nullable InetSocketAddress target;
    private long datagramsIn;
    private long datagramsOut;
    private long bytesIn;
    private long bytesOut;
    private final AtomicBoolean holdsSlot = new AtomicBoolean(true);
    private boolean ended;

    /**
     * Has no socket yet.
     *
     * @param guest the client as it was let in
     */
    UdpSession(
            UdpRelay relay,
            UdpSessions sessions,
            UdpTarget destination,
            UdpSocketOptions sockets,
            InetSocketAddress client,
            ClientKey guest) {
        this.relay = relay;
        this.sessions = sessions;
        this.destination = destination;
        this.client = client;
        this.guest = guest;
        this.sockets = sockets;
        this.kept = new HeldDatagrams(relay.context().totals().held(), guest);
        this.idleNanos = relay.forward().timeouts().udpIdle().toNanos();
        this.briefIdleNanos = idleNanos == 0 ? BRIEF_IDLE_NANOS : Math.min(idleNanos, BRIEF_IDLE_NANOS);
    }

    /**
     * Opens its socket towards the target, where that is known. Where it cannot, the client is refused and has no
     * session.
     */
    boolean opens() {
        InetSocketAddress where = destination.current();
        try {
            if (where != null) {
                socketTowards(where);
            }
            return true;
        } catch (IOException noSocketLeft) {
            ended = true;
            releaseSlot();
            relay.refuse(client, Refusal.noSocket(SocketErrors.of(noSocketLeft)));
            return false;
        }
    }

    /** That of before, unless the target has moved to where another address of this computer leads. */
    @SuppressWarnings("ReferenceEquality") // Asked for each datagram: equals() only where it is another object.
    private UdpSocket socketTowards(InetSocketAddress where) throws IOException {
        UdpTarget.Source source = Objects.requireNonNull(destination.source());
        boolean fits = source == boundTo || source.equals(boundTo);
        if (socket == null || !fits || (connectedTo != null && !connectedTo.equals(where))) {
            UdpSocket opened = open(source.address(), where);
            UdpSocket before = socket;
            socket = opened;
            boundTo = source;
            if (before != null) {
                before.close();
            }
        }
        return socket;
    }

    /** A connected socket hears of ICMP errors, which is only of use where there is another address to turn to. */
    private UdpSocket open(InetAddress source, InetSocketAddress where) throws IOException {
        EventLoop loop = sessions.listener().eventLoop();
        UdpSocket opened = sockets.from(source, loop);
        try {
            if (destination.isOneOfSeveral()) {
                opened.javaChannel().connect(where);
                connectedTo = where;
            } else {
                connectedTo = null;
            }
        } catch (IOException e) {
            opened.javaChannel().close();
            throw e;
        }
        opened.handOverTo(this);
        opened.pipeline().addLast(new ReadBrake(() -> false), failures());
        opened.closeFuture().addListener(unused -> Fault.escalating(() -> closed(opened)));
        loop.register(opened);
        return opened;
    }

    private void closed(UdpSocket which) {
        if (which.equals(socket)) {
            end("its socket was closed by the system");
        }
    }

    /**
     * Sends what the client sent on to the target, wherever that is now, or keeps it for one that may come up.
     *
     * @param payload good until this returns
     * @param now a {@link System#nanoTime()}
     */
    void send(ByteBuffer payload, long now) {
        noteAsked(now);
        InetSocketAddress where = destination.current();
        if (where != null) {
            sendKept(where);
            send(payload, where);
        } else if (destination.hold().isZero()) {
            relay.lost(client, destination.problem()::text);
        } else {
            keep(payload, now);
        }
    }

    private void noteAsked(long now) {
        lastActivity = now;
        if (exchanges < EXCHANGES_OF_A_TALK && (!asked || now - queuedAt >= REQUEUE_NANOS)) {
            queuedAt = now;
            relay.brief().asked(this);
        }
        asked = true;
    }

    private void keep(ByteBuffer payload, long now) {
        if (!waits) {
            waits = true;
            waitsSince = now;
            holdNanos = destination.hold().toNanos();
        }
        if (!kept.keep(payload)) {
            Refusal problem = destination.problem();
            relay.lost(client, () -> problem.text() + ", and only the newest few are kept");
        }
        destination.want();
    }

    /** The target may have come up, and what was kept can go. */
    void targetChanged() {
        InetSocketAddress now = destination.current();
        if (waits && now != null) {
            sendKept(now);
        } else if (waits) {
            destination.want();
        }
    }

    private void sendKept(InetSocketAddress to) {
        waits = false;
        for (byte[] oldest = kept.poll(); oldest != null; oldest = kept.poll()) {
            send(ByteBuffer.wrap(oldest), to);
        }
    }

    private void send(ByteBuffer payload, InetSocketAddress to) {
        target = to;
        int bytes = payload.remaining();
        try {
            if (write(socketTowards(to), payload, to)) {
                datagramsIn++;
                bytesIn += bytes;
                relay.counters().countBytesIn(bytes);
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
        InetSocketAddress now = destination.current();
        InetSocketAddress from = now == null ? target : now;
        if (!sender.equals(from)) {
            relay.answeredByAnother(client, sender, from);
            return;
        }
        long nanos = System.nanoTime();
        if (endIfIdle(nanos)) {
            return;
        }
        lastActivity = nanos;
        countAnswer();
        int bytes = payload.remaining();
        try {
            if (write(sessions.listener(), payload, client)) {
                datagramsOut++;
                bytesOut += bytes;
                relay.counters().countBytesOut(bytes);
                relay.counters().noteServed(client.getAddress());
            }
        } catch (IOException | IllegalArgumentException notSent) {
            relay.lost(client, () -> SocketErrors.of(notSent));
        }
    }

    private void countAnswer() {
        if (!asked) {
            return;
        }
        asked = false;
        if (exchanges == EXCHANGES_OF_A_TALK) {
            return;
        }
        if (connectedTo != null) {
            destination.worked(connectedTo);
        }
        if (++exchanges < EXCHANGES_OF_A_TALK) {
            relay.brief().answered(this);
        } else {
            relay.brief().remove(this);
        }
    }

    private boolean write(UdpSocket to, ByteBuffer payload, InetSocketAddress address) throws IOException {
        if (to.send(payload, address)) {
            return true;
        }
        relay.lost(client, () -> "the system takes no more at the moment");
        return false;
    }

    /** What its socket reports. */
    ChannelHandler failures() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                Fault.escalateFatal(cause);
                failed(cause);
            }
        };
    }

    /** The next datagram may fare better. */
    private void failed(Throwable cause) {
        relay.lost(client, () -> SocketErrors.of(cause));
        destination.failed(connectedTo);
    }

    @Override
    public boolean isExpired(long now) {
        if (waits) {
            destination.want();
            return hasWaitedInVain(now);
        }
        return isIdle(now);
    }

    private boolean isIdle(long now) {
        long most = exchanges < EXCHANGES_OF_A_TALK ? briefIdleNanos : idleNanos;
        return !waits && most > 0 && now - lastActivity >= most;
    }

    /**
     * Ends it where it has been idle for too long and no sweep has come by yet.
     *
     * @return whether it has ended
     */
    boolean endIfIdle(long now) {
        if (!isIdle(now)) {
            return false;
        }
        end("idle");
        return true;
    }

    private boolean hasWaitedInVain(long now) {
        if (now - waitsSince < holdNanos) {
            return false;
        }
        waits = false;
        Refusal problem = destination.problem().afterKeeping(Duration.ofNanos(holdNanos), kept.clear());
        if (target == null) {
            relay.refuse(client, problem);
            return true;
        }
        relay.lost(client, problem::text);
        return false;
    }

    @Override
    public void expire() {
        end(target == null ? "its target did not come up" : "idle");
    }

    /** Ends it; later calls do nothing. */
    void end(String reason) {
        if (ended) {
            return;
        }
        ended = true;
        kept.clear();
        relay.brief().remove(this);
        sessions.remove(this);
        releaseSlot();
        if (socket != null) {
            socket.close();
        }
        relay.sessionEnded(this, reason);
    }

    /** Safe for any thread, as the newcomer that needs its slot may be on another event loop. */
    @Override
    public void giveWay() {
        releaseSlot();
        EventLoop loop = sessions.listener().eventLoop();
        if (loop.inEventLoop()) {
            end(GAVE_WAY);
        } else {
            loop.execute(() -> Fault.escalating(() -> end(GAVE_WAY)));
        }
    }

    private void releaseSlot() {
        if (holdsSlot.compareAndSet(true, false)) {
            relay.release(guest);
        }
    }

    @Override
    public EvictableSessions.Table table() {
        return relay.brief();
    }

    /** Where it sends from. */
    InetSocketAddress address() {
        return client;
    }

    @Override
    public ClientKey client() {
        return guest;
    }

    /** Where the last datagram went. */
    @Nullable
    InetSocketAddress target() {
        return target;
    }

    ConnectionInfo pairing() {
        String where = target == null ? "" : Peer.name(target);
        return new ConnectionInfo(Protocol.UDP, client, where, Duration.ofNanos(ageNanos()), bytesIn, bytesOut);
    }

    long ageNanos() {
        return System.nanoTime() - began;
    }

    /** In words, for the log. */
    String traffic() {
        return "datagrams: " + datagramsIn + " in (" + bytesIn + " bytes), " + datagramsOut + " out (" + bytesOut
                + " bytes)";
    }
}
