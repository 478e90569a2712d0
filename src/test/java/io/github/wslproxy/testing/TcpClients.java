package io.github.wslproxy.testing;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.relay.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.util.Random;

/** What clients of a TCP relay do. Each waits 20 seconds for what it reads. */
public final class TcpClients {
    private TcpClients() {}

    /** Connects to the first address that {@code relay} listens on; where that is every address, to 127.0.0.1. */
    public static Socket connect(Relay relay) throws IOException {
        InetSocketAddress bound = RelayFixture.bound(relay).get(0);
        InetAddress address = bound.getAddress();
        return connect(new InetSocketAddress(address.isAnyLocalAddress() ? ip("127.0.0.1") : address, bound.getPort()));
    }

    public static Socket connect(InetSocketAddress where) throws IOException {
        return waiting(new Socket(where.getAddress(), where.getPort()));
    }

    /** Connects from {@code address} of this computer. */
    public static Socket connectFrom(String address, Relay relay) throws IOException {
        InetSocketAddress bound = RelayFixture.bound(relay).get(0);
        return waiting(new Socket(bound.getAddress(), bound.getPort(), ip(address), 0));
    }

    private static Socket waiting(Socket socket) throws SocketException {
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Bytes of which none is like its neighbours, and which are the same each time. */
    public static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    /** Closes the socket so that its peer sees a reset. */
    public static void reset(Socket client) throws IOException {
        client.setOption(StandardSocketOptions.SO_LINGER, 0);
        client.close();
    }

    public static void assertEchoes(Socket client) throws IOException {
        client.getOutputStream().write('x');
        assertThat(client.getInputStream().read()).isEqualTo('x');
    }

    /** A new client is answered by an echo server. */
    public static void assertEchoes(Relay relay) throws IOException {
        try (Socket client = connect(relay)) {
            assertEchoes(client);
        }
    }

    /** The next thing that {@code client} sees is a reset. */
    public static void assertReset(Socket client) {
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    /** A new client is reset before it gets anything. */
    public static void assertRefused(Relay relay) throws IOException {
        try (Socket client = connect(relay)) {
            assertReset(client);
        }
    }

    /** A new client is reset, and {@code relay} says that it is for {@code reason}. */
    public static void assertRefused(Relay relay, String reason) throws IOException {
        assertRefused(relay);
        assertThat(relay.counters().lastError().orElseThrow().text()).contains(reason);
    }
}
