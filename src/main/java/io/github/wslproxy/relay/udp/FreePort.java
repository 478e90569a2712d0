package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.LoopGuard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Binds a socket to any free port. The system chooses among its dynamic ports only (49152 to 65535 on Windows), which a
 * forward of a range may have taken all; other ports are as good.
 */
final class FreePort {
    private static final int FIRST = 1024;
    private static final int COUNT = 65_536 - FIRST;

    /** Of ports that other programs may hold; our own are not tried. Each costs a system call, on an event loop. */
    private static final int MOST_TRIES = 1000;

    private final LoopGuard loopGuard;

    FreePort(LoopGuard loopGuard) {
        this.loopGuard = loopGuard;
    }

    /** @throws IOException if it cannot be bound to {@code address}, or no port was found to be free */
    void bind(DatagramChannel socket, InetAddress address) throws IOException {
        try {
            socket.bind(new InetSocketAddress(address, 0));
        } catch (IOException noneLeft) {
            if (!bindToOther(socket, address)) {
                throw noneLeft;
            }
        }
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
        return false;
    }

    private static boolean isBound(DatagramChannel socket, InetSocketAddress to) {
        try {
            socket.bind(to);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
