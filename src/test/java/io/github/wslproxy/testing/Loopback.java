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

    private Loopback() {}

    /** A port that was free for TCP on every address a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket tcp = new ServerSocket(0)) {
            return tcp.getLocalPort();
        }
    }

    /** A port that was free for TCP and UDP on every address a moment ago. */
    public static int freePortOfBoth() throws IOException {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(0);
                    DatagramSocket udp = new DatagramSocket(tcp.getLocalPort())) {
                return udp.getLocalPort();
            } catch (BindException takenForUdp) {
                // Another one then.
            }
        }
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

    public static boolean listens(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return client.isConnected();
        } catch (ConnectException refused) {
            return false;
        }
    }
}
