package io.github.wslproxy.bench;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Ports that stay free while nobody listens on them: below those that the system takes for outgoing connections (32768
 * up, ip(7)), so that a listener can come and go, and a port can be left without one. For one thread.
 */
public final class FreePorts {
    private static final int FIRST = 15_000;
    private static final int COUNT = 15_000;
    private static final int TRIES = 1000;

    private final Random random = new Random();
    private final Set<Integer> given = new HashSet<>();

    /** One that is free for TCP and UDP on every address, and was not given before. */
    public int next() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = FIRST + random.nextInt(COUNT);
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
        throw new IOException("no free port from " + FIRST + " to " + (FIRST + COUNT));
    }

    private static boolean isFree(int port) {
        InetSocketAddress everywhere = new InetSocketAddress((InetAddress) null, port);
        try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(null)) {
            tcp.bind(everywhere);
            udp.bind(everywhere);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
