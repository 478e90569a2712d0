package io.github.wslproxy.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A port that neither accepts nor refuses: a listener whose accept queue is full drops each further SYN. */
public final class BlackHole implements Closeable {
    private static final int MOST_NEEDED = 64;
    private static final int FULL_AFTER_MILLIS = 200;

    private final ServerSocket server;
    private final List<Socket> fill = new ArrayList<>();

    public BlackHole(InetAddress address) throws IOException {
        server = new ServerSocket(0, 1, address);
        while (fill.size() < MOST_NEEDED) {
            Socket socket = new Socket();
            fill.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), FULL_AFTER_MILLIS);
            } catch (IOException full) {
                return;
            }
        }
        throw new AssertionError("the backlog never filled");
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : fill) {
            socket.close();
        }
    }
}
