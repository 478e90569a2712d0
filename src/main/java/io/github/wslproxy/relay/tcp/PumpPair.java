package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.IdleSweeper;
import io.github.wslproxy.relay.RelayStats;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Both directions between two connected sockets, and how they end: by both ends, by a failure of either side, by a
 * timeout or by hand. The owner of the sockets closes them then. Lives on the event loop of both.
 */
final class PumpPair implements IdleSweeper.Expirable {
    /** A link that ends sooner needs no keep-alive. */
    private static final long SHORT = TimeUnit.SECONDS.toNanos(1);

    private final TcpSocket client;
    private final TcpSocket target;
    private final Timeouts timeouts;
    private final RelayStats stats;
    private final WhenEnded whenEnded;
    private final Pump inwards;
    private final Pump outwards;
    private final long began = System.nanoTime();
    private long lastProgress = began;
    private long bytesIn;
    private long bytesOut;
    private boolean isKeptAlive;
    private boolean finished;
    private @Nullable Pump firstToEnd;
    private @Nullable Pump broken;
    private String whyBroken = "";
    private boolean lastBytesLeave;

    /** The owner of the sockets. */
    interface WhenEnded {
        /**
         * Nothing moves any more: the sockets are to be closed. Called once.
         *
         * @param reason for the log
         * @param resetClient whether the client is to see a reset: it was cut off in the middle, and what it has got
         *     must not look complete. A socket that was sent all, and the end, is closed: a reset would throw away what
         *     the kernel still holds for a slow reader
         */
        void ended(PumpPair pumps, String reason, boolean resetClient, boolean resetTarget);
    }

    /** @param target connected, and never read from */
    PumpPair(
            TcpSocket client,
            TcpSocket target,
            Timeouts timeouts,
            RelayStats stats,
            EventLoops loops,
            WhenEnded whenEnded) {
        this.client = client;
        this.target = target;
        this.timeouts = timeouts;
        this.stats = stats;
        this.whenEnded = whenEnded;
        inwards = new Pump(this, client, target, loops);
        outwards = new Pump(this, target, client, loops);
    }

    /** @param first what the target gets before the client is read from; belongs to this from here on */
    void begin(FirstBytes first) {
        outwards.begin(FirstBytes.NONE, false);
        inwards.begin(first, true);
    }

    TcpSocket target() {
        return target;
    }

    Pump opposite(Pump pump) {
        return pump == inwards ? outwards : inwards;
    }

    /** A slow receiver may take minutes for one buffer, which is progress although nothing new is read. */
    void progressed() {
        lastProgress = System.nanoTime();
    }

    void moved(Pump pump, int bytes) {
        progressed();
        if (pump == inwards) {
            bytesIn += bytes;
            stats.countBytesIn(bytes);
        } else {
            bytesOut += bytes;
            stats.countBytesOut(bytes);
        }
    }

    /** The source has sent its last byte: passes the end on, and ends the link when both sides have ended. */
    void inputEnded(Pump pump) {
        if (finished) {
            return;
        }
        if (broken != null) {
            if (pump == broken || !canDeliver(broken, broken)) {
                finishWhenSent();
            }
            return;
        }
        progressed();
        if (opposite(pump).hasEnded()) {
            finish(side(firstToEnd) + " ended first", false);
            return;
        }
        firstToEnd = pump;
        pump.endSink();
    }

    private String side(@Nullable Pump from) {
        return from == inwards ? "client" : "target";
    }

    /**
     * The peer has reset the source of {@code from}, or it failed otherwise. What it has sent still goes to the other
     * side, also what is not read yet: a server that refuses an upload answers, closes, and so has the next write to it
     * fail.
     */
    void broken(Pump from, String why) {
        if (finished) {
            return;
        }
        if (broken == null) {
            broken = from;
            whyBroken = side(from) + " failed: " + why;
            if (canDeliver(from, from)) {
                from.readUnlessStalled();
                return;
            }
        }
        if (broken != from) {
            finish(whyBroken, true);
        } else if (!from.isStalled()) {
            finishWhenSent();
        }
    }

    /** The sink has taken everything that {@code pump} had for it. */
    void drained(Pump pump) {
        if (broken != null && !canDeliver(broken, pump)) {
            finishWhenSent();
        }
    }

    private static boolean canDeliver(Pump from, Pump pump) {
        return from.source().isOpen() && !pump.hasEnded();
    }

    /** A reset at once would throw away what the kernel still holds for the side that is left. */
    private void finishWhenSent() {
        if (!lastBytesLeave) {
            lastBytesLeave = true;
            SocketWatch.whenSent(broken == inwards ? target : client, () -> finish(whyBroken, true));
        }
    }

    /** Cuts both sides off. */
    void cutOff(String why) {
        finish(why, true);
    }

    private void finish(String reason, boolean reset) {
        finish(reason, reset, reset);
    }

    private void finish(String reason, boolean resetClient, boolean resetTarget) {
        if (finished) {
            return;
        }
        finished = true;
        inwards.end();
        outwards.end();
        whenEnded.ended(this, reason, resetClient, resetTarget);
    }

    @Override
    public void tick(long now) {
        if (!isKeptAlive && now - began >= SHORT) {
            isKeptAlive = true;
            KeepAlive.lasting(timeouts.clientKeepAlive()).applyTo(client);
            KeepAlive.OF_THE_TARGET.applyTo(target);
        }
        boolean silent = now - lastProgress >= SHORT;
        inwards.watchForReset(silent, broken == null);
        outwards.watchForReset(silent, broken == null);
    }

    @Override
    public boolean isExpired(long now) {
        Duration limit = timeout();
        return !limit.isZero() && now - lastProgress >= limit.toNanos();
    }

    @Override
    public void expire() {
        String what = oneSideEnded() ? "one side had ended, no progress for " : "idle for ";
        boolean cutOff = broken != null;
        finish(what + Durations.format(timeout()), cutOff || !outwards.hasEnded(), cutOff || !inwards.hasEnded());
    }

    private Duration timeout() {
        return oneSideEnded() ? timeouts.halfClose() : timeouts.idle();
    }

    private boolean oneSideEnded() {
        return inwards.hasEnded() || outwards.hasEnded() || broken != null;
    }

    /** Whether the client has ended its side, and the target has not done so before. */
    boolean clientEndedFirst() {
        return firstToEnd == inwards && inwards.hasEnded();
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }

    /** How long the sockets are connected. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
