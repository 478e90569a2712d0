package io.github.wslproxy.relay.udp;

import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.FairQuota;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The newest few datagrams of one session, copied, for a target that is not there yet: a client that asks again and
 * again has its last question answered. Belongs to one event loop.
 */
final class HeldDatagrams {
    private static final int MOST = 8;

    /** A little more than the largest datagram, so that one of any size can be kept. */
    private static final int MOST_BYTES = 65_536;

    /** So that empty ones count too. */
    static final int OVERHEAD = 64;

    private final FairQuota ofAll;
    private final ClientKey client;
    private final Deque<byte[]> datagrams = new ArrayDeque<>(1);
    private int bytes;
    private boolean waiting;
    private long waitsSince;
    private Duration patience = Duration.ZERO;

    /**
     * Keeps nothing yet.
     *
     * @param ofAll what the sessions of all forwards keep together
     * @param client whose datagrams they are
     */
    HeldDatagrams(FairQuota ofAll, ClientKey client) {
        this.ofAll = ofAll;
        this.client = client;
    }

    /**
     * Keeps a copy, in the place of older ones where there are too many.
     *
     * @param now a {@link System#nanoTime()}
     * @param patience how long the first is kept, and those that follow until then
     * @return whether none was thrown away for it, and neither it itself
     */
    boolean keep(ByteBuffer datagram, long now, Duration patience) {
        if (!waiting) {
            waiting = true;
            waitsSince = now;
            this.patience = patience;
        }
        return keep(datagram);
    }

    /** Whether the client waits for its target, though all that was kept may be gone. */
    boolean isWaiting() {
        return waiting;
    }

    boolean hasWaitedInVain(long now) {
        return now - waitsSince >= patience.toNanos();
    }

    /** The wait is over; returns how long it was to be. */
    Duration endWait() {
        waiting = false;
        return patience;
    }

    private boolean keep(ByteBuffer datagram) {
        int size = datagram.remaining();
        boolean room = true;
        while (!datagrams.isEmpty() && (datagrams.size() == MOST || bytes + size > MOST_BYTES)) {
            poll();
            room = false;
        }
        while (!ofAll.take(client, size + OVERHEAD)) {
            room = false;
            if (poll() == null) {
                return false;
            }
        }
        bytes += size;
        byte[] copy = new byte[size];
        datagram.get(copy);
        datagrams.add(copy);
        return room;
    }

    /** Takes the oldest; null if there is none. */
    byte @Nullable [] poll() {
        byte[] oldest = datagrams.poll();
        if (oldest != null) {
            bytes -= oldest.length;
            ofAll.giveBack(client, oldest.length + OVERHEAD);
        }
        return oldest;
    }

    /** Throws all away, and says how many they were. */
    int clear() {
        int count = datagrams.size();
        while (!datagrams.isEmpty()) {
            poll();
        }
        return count;
    }
}
