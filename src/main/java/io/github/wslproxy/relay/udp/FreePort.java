package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.LoopGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Binds a socket to any free port. The system chooses among its dynamic ports only (49152 to 65535 on Windows), which a
 * forward of a range may have taken all; other ports are as good.
 */
final class FreePort {
    private static final int FIRST = 1024;
    private static final int COUNT = 65_536 - FIRST;

    /** Ports that other programs may hold; each try costs a system call on an event loop. Our own are left out. */
    private static final int MOST_TRIES = 1000;

    /**
     * An address that has just gone fails at every port: without a pause each new client would have all of them tried,
     * which takes an event loop milliseconds.
     */
    private static final long SEARCH_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LoopGuard loopGuard;
    private final Bind system;
    private final LongSupplier nanoTime;
    private volatile @Nullable InVain lastInVain;

    /** How the system is asked. */
    interface Bind {
        void bind(DatagramChannel socket, InetSocketAddress to) throws IOException;
    }

    /** A search that has found no port. */
    private record InVain(InetAddress address, long at) {}

    FreePort(LoopGuard loopGuard) {
        this(loopGuard, DatagramChannel::bind, System::nanoTime);
    }

    FreePort(LoopGuard loopGuard, Bind system, LongSupplier nanoTime) {
        this.loopGuard = loopGuard;
        this.system = system;
        this.nanoTime = nanoTime;
    }

    /** @throws IOException if it cannot be bound to {@code address}, or no port was found to be free */
    void bind(DatagramChannel socket, InetAddress address) throws IOException {
        try {
            system.bind(socket, new InetSocketAddress(address, 0));
        } catch (IOException noneLeft) {
            if (wasSearchedInVain(address) || !bindToOther(socket, address)) {
                throw noneLeft;
            }
        }
    }

    private boolean wasSearchedInVain(InetAddress address) {
        InVain last = lastInVain;
        return last != null && last.address().equals(address) && nanoTime.getAsLong() - last.at() < SEARCH_AGAIN_NANOS;
    }

    /** Whether a free port was found that is not one of our own listeners'. */
    boolean bindToOther(DatagramChannel socket, InetAddress address) {
        int start = ThreadLocalRandom.current().nextInt(COUNT);
        int tries = 0;
        for (int i = 0; i < COUNT && tries < MOST_TRIES; i++) {
            int port = FIRST + (start + i) % COUNT;
            if (!loopGuard.listensOn(Protocol.UDP, port)) {
                tries++;
                if (isBound(socket, new InetSocketAddress(address, port))) {
                    return true;
                }
            }
        }
        lastInVain = new InVain(address, nanoTime.getAsLong());
        return false;
    }

    private boolean isBound(DatagramChannel socket, InetSocketAddress to) {
        try {
            system.bind(socket, to);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
