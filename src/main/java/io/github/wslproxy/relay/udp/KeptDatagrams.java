package io.github.wslproxy.relay.udp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The newest few datagrams of one session, copied, for a target that is not there yet: a client that asks again and again
 * has its last question answered. Belongs to one event loop.
 */
final class KeptDatagrams {
    private static final int MOST = 8;

    /** A little more than the largest datagram, so that one of any size can be kept. */
    private static final int MOST_BYTES = 65_536;

    /** Of all sessions of a forward. */
    private static final int MOST_BYTES_IN_ALL = 256 * 1024;

    /** So that empty ones count too. */
    private static final int OVERHEAD = 64;

    private final AtomicInteger bytesInAll;
    private final Deque<byte[]> datagrams = new ArrayDeque<>();
    private int bytes;

    /** @param bytesInAll what all sessions of a forward keep together */
    KeptDatagrams(AtomicInteger bytesInAll) {
        this.bytesInAll = bytesInAll;
    }

    /**
     * Keeps a copy, in the place of older ones where there are too many.
     *
     * @return whether none was thrown away for it, and neither it itself
     */
    boolean keep(ByteBuffer datagram) {
        int size = datagram.remaining();
        boolean room = true;
        while (!datagrams.isEmpty() && (datagrams.size() == MOST || bytes + size > MOST_BYTES)) {
            poll();
            room = false;
        }
        int charge = size + OVERHEAD;
        if (bytesInAll.addAndGet(charge) > MOST_BYTES_IN_ALL) {
            bytesInAll.addAndGet(-charge);
            return false;
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
            bytesInAll.addAndGet(-oldest.length - OVERHEAD);
        }
        return oldest;
    }

    boolean isEmpty() {
        return datagrams.isEmpty();
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
