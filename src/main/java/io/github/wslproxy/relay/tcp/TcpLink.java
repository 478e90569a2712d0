package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.DurationWords;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.IdleSweeper;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client and its target from the moment both are connected to the end. It owns both channels: nobody else closes
 * them. Everything happens on the one event loop that both live on.
 */
final class TcpLink implements IdleSweeper.Expirable {
    /** What ends sooner needs no keep-alive. */
    private static final long SHORT = TimeUnit.SECONDS.toNanos(1);

    private final TcpRelay relay;
    private final Timeouts timeouts;
    private final TcpSocket client;
    private final TcpSocket target;
    private final PumpHandler inwards;
    private final PumpHandler outwards;
    private final SocketAddress clientAddress;
    private final SocketAddress targetAddress;
    private final long began = System.nanoTime();
    private long lastProgress = began;
    private long seenProgress;
    private long bytesIn;
    private long bytesOut;
    private boolean keptAlive;
    private boolean finished;
    private @Nullable Channel brokenSide;
    private String whyBroken = "";
    private boolean lastBytesLeave;
    private boolean targetPortWaits;
    private @Nullable SelectionKey clientWatch;
    private @Nullable SelectionKey targetWatch;
    private @Nullable String firstToEnd;

    private TcpLink(TcpRelay relay, Timeouts timeouts, TcpSocket client, TcpSocket target) {
        this.relay = relay;
        this.timeouts = timeouts;
        this.client = client;
        this.target = target;
        EventLoops loops = relay.context().loops();
        inwards = new PumpHandler(this, client, target, loops);
        outwards = new PumpHandler(this, target, client, loops);
        clientAddress = client.remoteAddress();
        targetAddress = target.remoteAddress();
    }

    /**
     * Joins two connected channels, of which only the client has been read from. Call it on the loop of both.
     *
     * @param early belongs to the link from here on
     */
    static TcpLink join(TcpRelay relay, Timeouts timeouts, TcpSocket client, TcpSocket target, Early early) {
        TcpLink link = new TcpLink(relay, timeouts, client, target);
        client.pipeline().addLast(link.inwards);
        target.pipeline().addLast(link.outwards);
        relay.context().sweeper().add(client.eventLoop(), link);
        link.inwards.begin(early);
        link.outwards.begin(Early.NOTHING);
        return link;
    }

    PumpHandler opposite(PumpHandler pump) {
        return pump == inwards ? outwards : inwards;
    }

    void moved(PumpHandler pump, int bytes) {
        lastProgress = System.nanoTime();
        if (pump == inwards) {
            bytesIn += bytes;
            relay.counters().countBytesIn(bytes);
        } else {
            bytesOut += bytes;
            relay.counters().countBytesOut(bytes);
        }
    }

    /** One side has sent its last byte: pass the end on, and end the link when both have. */
    void inputEnded(PumpHandler pump) {
        if (finished) {
            return;
        }
        if (brokenSide != null) {
            finishWhenSent();
            return;
        }
        lastProgress = System.nanoTime();
        if (opposite(pump).hasEnded()) {
            finish(firstToEnd + " ended first", false);
            return;
        }
        firstToEnd = pump == inwards ? "client" : "target";
        pump.endSink();
    }

    /**
     * The peer of {@code side} has reset it, or it failed otherwise. What it has sent still goes to the other side,
     * also what is not read yet: a server that refuses an upload answers, closes, and so has the next write to it fail.
     */
    void broken(Channel side, Throwable cause) {
        if (finished) {
            return;
        }
        PumpHandler fromBroken = from(side);
        if (brokenSide == null) {
            brokenSide = side;
            whyBroken = (side == client ? "client" : "target") + " failed: " + SocketErrors.of(cause);
            if (canDeliver(side, fromBroken)) {
                fromBroken.readUnlessStalled();
                return;
            }
        }
        if (brokenSide != side) {
            finish(whyBroken, true);
        } else if (!fromBroken.isStalled()) {
            finishWhenSent();
        }
    }

    /** What the kernel still holds for the side that is left would be lost by the reset. */
    private void finishWhenSent() {
        if (!lastBytesLeave) {
            lastBytesLeave = true;
            relay.sendQueues().whenSent(brokenSide == client ? target : client, () -> finish(whyBroken, true));
        }
    }

    private static boolean canDeliver(Channel side, PumpHandler fromSide) {
        return side.isOpen() && !fromSide.hasEnded();
    }

    /** {@code side} was closed without a word before. */
    void gone(TcpSocket side) {
        if (!finished) {
            broken(side, side.comesBack() ? new LoopException() : new ClosedChannelException());
        }
    }

    /** The other side has taken everything that {@code pump} had for it. */
    void drained(PumpHandler pump) {
        if (brokenSide != null && !canDeliver(brokenSide, pump)) {
            finishWhenSent();
        }
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }

    void cutOff(String why) {
        finish(why, true);
    }

    /**
     * Whether, after its end, the port on our side of the target stays taken for a while: we have ended there first.
     */
    boolean leavesPortWaiting() {
        return targetPortWaits;
    }

    @Override
    public void tick(long now) {
        if (!keptAlive && now - began >= SHORT) {
            keptAlive = true;
            TcpSocketOptions.keepClientAlive(client, timeouts.keepAlive());
            TcpSocketOptions.keepTargetAlive(target);
        }
        boolean silent = now - lastProgress >= SHORT;
        clientWatch = watchWhile(silent && mayResetUnnoticed(inwards), client, clientWatch);
        targetWatch = watchWhile(silent && mayResetUnnoticed(outwards), target, targetWatch);
    }

    /**
     * Linux reports a hang-up also of a socket that both sides have ended, whose last bytes wait here: once we have
     * ended our side of the source of {@code pump}, only the half-close timeout tells.
     */
    private boolean mayResetUnnoticed(PumpHandler pump) {
        return pump.isStalled() && !opposite(pump).hasEnded();
    }

    private @Nullable SelectionKey watchWhile(boolean wanted, TcpSocket side, @Nullable SelectionKey key) {
        boolean watched = key != null && key.isValid();
        if (watched && !wanted) {
            forget(key);
            return null;
        }
        return wanted && !watched && brokenSide == null
                ? ResetWatch.ofThisLoop().watch(side.eventLoop(), side, () -> resetWhileStalled(side))
                : key;
    }

    private static void forget(@Nullable SelectionKey key) {
        if (key != null) {
            ResetWatch.ofThisLoop().forget(key);
        }
    }

    /** What it has sent is still delivered, but no longer than a half-closed link may make no progress. */
    private void resetWhileStalled(Channel side) {
        if (mayResetUnnoticed(from(side))) {
            broken(side, new SocketException("Connection reset"));
        }
    }

    private PumpHandler from(Channel side) {
        return side == client ? inwards : outwards;
    }

    @Override
    public boolean isExpired(long now) {
        long progress = unsentProgress(client) * 31 + unsentProgress(target);
        if (progress != seenProgress) {
            seenProgress = progress;
            lastProgress = now;
        }
        return passed(now, timeout());
    }

    @Override
    public void expire() {
        String what = oneSideEnded() ? "one side had ended, no progress for " : "idle for ";
        boolean broken = brokenSide != null;
        finish(what + DurationWords.of(timeout()), broken || !outwards.hasEnded(), broken || !inwards.hasEnded());
    }

    private Duration timeout() {
        return oneSideEnded() ? timeouts.halfClose() : timeouts.idle();
    }

    private boolean oneSideEnded() {
        return inwards.hasEnded() || outwards.hasEnded() || brokenSide != null;
    }

    private boolean passed(long now, Duration limit) {
        return !limit.isZero() && now - lastProgress >= limit.toNanos();
    }

    /** A slow receiver may take minutes for one buffer; that is progress although nothing new is read. */
    private static long unsentProgress(Channel channel) {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent == null ? 0 : unsent.currentProgress();
    }

    private void finish(String reason, boolean reset) {
        finish(reason, reset, reset);
    }

    /**
     * A side that is cut off in the middle is reset, as what it has got must not look complete. One that has been sent
     * all, and the end, is closed: a reset would throw away what the kernel still holds for a slow reader.
     */
    private void finish(String reason, boolean resetClient, boolean resetTarget) {
        if (finished) {
            return;
        }
        finished = true;
        targetPortWaits = !resetTarget && inwards.hasEnded() && "client".equals(firstToEnd);
        forget(clientWatch);
        forget(targetWatch);
        relay.context().sweeper().remove(client.eventLoop(), this);
        inwards.settleBudget();
        outwards.settleBudget();
        end(client, resetClient);
        end(target, resetTarget);
        long nanos = System.nanoTime() - began;
        relay.linkEnded(() -> summary(nanos, reason));
    }

    private String summary(long nanos, String reason) {
        return String.format(
                Locale.ROOT,
                "%s -> %s tcp ended after %.1f s: %s; %d bytes in, %d out",
                Peer.name(clientAddress),
                Peer.name(targetAddress),
                nanos / 1e9,
                reason,
                bytesIn,
                bytesOut);
    }

    private static void end(Channel channel, boolean reset) {
        if (reset) {
            TcpSocketOptions.reset(channel);
        } else {
            channel.close();
        }
    }
}
