package io.github.wslproxy.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** Ports of this computer, and clients that come from it. */
public final class Loopback {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final OwnPorts PORTS = new OwnPorts();

    private Loopback() {}

    /** A port that is free for TCP on every address, and that no other test is given. */
    public static int freePort() throws IOException {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(PORTS.next())) {
                return tcp.getLocalPort();
            } catch (BindException taken) {
                // Another one then.
            }
        }
    }

    /** A port that is free for TCP and UDP on every address, and that no other test is given. */
    public static int freePortOfBoth() throws IOException {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(PORTS.next());
                    DatagramSocket udp = new DatagramSocket(tcp.getLocalPort())) {
                return udp.getLocalPort();
            } catch (BindException taken) {
                // Another one then.
            }
        }
    }

    /**
     * Waits until a server may listen at an address on TCP. A closed listener leaves its port when its event loop next
     * waits for events, which is after its close has been told (JDK: ServerSocketChannelImpl.tryClose).
     */
    public static void awaitFree(InetAddress address, int port) throws Exception {
        Await.until(() -> {
            try (ServerSocket tcp = new ServerSocket(port, 1, address)) {
                return tcp.isBound();
            } catch (BindException taken) {
                return false;
            }
        });
    }

    /** Waits until a socket may be bound to an address on UDP, which may be as late as on TCP. */
    public static void awaitFreeForUdp(InetAddress address, int port) throws Exception {
        Await.until(() -> {
            try (DatagramSocket udp = new DatagramSocket(port, address)) {
                return udp.isBound();
            } catch (BindException taken) {
                return false;
            }
        });
    }

    /** A link that is known to lead all the way to a server that echoes. */
    public static Socket openLink(int port) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(PATIENCE_MILLIS);
        client.getOutputStream().write('a');
        int echo = client.getInputStream().read();
        if (echo != 'a') {
            client.close();
            throw new AssertionError("no echo but " + echo);
        }
        return client;
    }

    /** Whether a client is told within a while, by an end or a reset, that its link has ended. */
    public static boolean isGone(Socket client) throws IOException {
        client.setSoTimeout(PATIENCE_MILLIS);
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /**
     * Whether a client is turned away by an end or a reset, which may come before its connect is told to have worked.
     */
    public static boolean turnsAway(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return isGone(client);
        } catch (ConnectException nobodyListens) {
            throw nobodyListens;
        } catch (SocketException reset) {
            return true;
        }
    }

    public static boolean listens(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return client.isConnected();
        } catch (ConnectException refused) {
            return false;
        }
    }
}
