package io.github.wslproxy.relay.udp;

import io.github.wslproxy.fault.Fault;
import io.github.wslproxy.forward.DurationWords;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Client;
import io.github.wslproxy.relay.FailureText;
import io.github.wslproxy.relay.Pairing;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Sweeper;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's pairing with the target: its own socket towards it, which it owns. A datagram that cannot be sent at once
 * is dropped, unless the target is not there and is to be waited for. Lives on the event loop of the listener.
 */
final class UdpSession implements Sweeper.Swept, RelaySocket.Receiver {
    /** As Linux keeps a UDP flow that has not been used twice (nf_conntrack_udp_timeout). */
    private static final long BRIEF_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** From then on it is a talk, which neither gives way nor ends early. */
    private static final int EXCHANGES_OF_A_TALK = 2;

    private final UdpRelay relay;
    private final UdpSessions sessions;
    private final Destination destination;
    private final InetSocketAddress client;
    private final Client guest;
    private final RelaySocket socket;
    private final long idleNanos;
    private final long briefIdleNanos;
    private final long began = System.nanoTime();
    private final KeptDatagrams kept;

    /** When a datagram last passed, or was kept, as a {@link System#nanoTime()}. */
    private long lastActivity = began;

    private int exchanges;
    private boolean asked;
    private boolean waits;
    private long waitsSince;
    private long holdNanos;
    private @Nullable InetSocketAddress target;
    private long datagramsIn;
    private long datagramsOut;
    private long bytesIn;
    private long bytesOut;
    private boolean ended;

    /**
     * @param guest the client as it was let in
     * @param socket not open yet
     */
    UdpSession(
            UdpRelay relay,
            UdpSessions sessions,
            Destination destination,
            InetSocketAddress client,
            Client guest,
            RelaySocket socket) {
        this.relay = relay;
        this.sessions = sessions;
        this.destination = destination;
        this.client = client;
        this.guest = guest;
        this.socket = socket;
        this.kept = new KeptDatagrams(relay.bytesKept());
        this.idleNanos = relay.forward().timeouts().udpIdle().toNanos();
        this.briefIdleNanos = idleNanos == 0 ? BRIEF_IDLE_NANOS : Math.min(idleNanos, BRIEF_IDLE_NANOS);
    }

    /**
     * Sends what the client sent on to the target, wherever that is now, or keeps it for one that may come up.
     *
     * @param payload good until this returns
     */
    void send(ByteBuffer payload) {
        asked = true;
        InetSocketAddress now = destination.current();
        if (now != null) {
            sendKept(now);
            send(payload, now);
        } else if (destination.hold().isZero()) {
            relay.lost(client, destination.problem());
        } else {
            keep(payload);
        }
    }

    private void keep(ByteBuffer payload) {
        lastActivity = System.nanoTime();
        if (!waits) {
            waits = true;
            waitsSince = lastActivity;
            holdNanos = destination.hold().toNanos();
        }
        if (!kept.keep(payload)) {
            relay.lost(client, destination.problem() + ", and only the newest few are kept");
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
            if (write(socket, payload, to)) {
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
        if (endIfIdle()) {
            return;
        }
        countAnswer();
        int bytes = payload.remaining();
        try {
            if (write(sessions.listener(), payload, client)) {
                datagramsOut++;
                bytesOut += bytes;
                relay.counters().countBytesOut(bytes);
            }
        } catch (IOException | IllegalArgumentException notSent) {
            relay.lost(client, FailureText.of(notSent));
        }
    }

    private void countAnswer() {
        if (asked && exchanges < EXCHANGES_OF_A_TALK) {
            exchanges++;
        }
        asked = false;
    }

    private boolean write(RelaySocket to, ByteBuffer payload, InetSocketAddress address) throws IOException {
        lastActivity = System.nanoTime();
        if (to.send(payload, address)) {
            return true;
        }
        relay.lost(client, "the system takes no more at the moment");
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
        relay.lost(client, FailureText.of(cause));
        destination.suspect();
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
    boolean endIfIdle() {
        if (!isIdle(System.nanoTime())) {
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
        String problem = destination.problem() + "; datagrams kept for " + DurationWords.of(Duration.ofNanos(holdNanos))
                + ": " + kept.clear();
        if (target == null) {
            relay.refuse(client, problem);
            return true;
        }
        relay.lost(client, problem);
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
        sessions.remove(this);
        socket.close();
        relay.sessionEnded(this, reason);
    }

    InetSocketAddress client() {
        return client;
    }

    Client guest() {
        return guest;
    }

    /** Where the last datagram went. */
    @Nullable
    InetSocketAddress target() {
        return target;
    }

    Pairing pairing() {
        String where = target == null ? "" : Peer.name(target);
        return new Pairing(Protocol.UDP, client, where, Duration.ofNanos(ageNanos()), bytesIn, bytesOut);
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
