package io.github.wslproxy.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.RelayFixture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A socket of wslproxy, on an event loop, and the peer at its other end. Both are closed after the test.
 *
 * @param peer waits 10 seconds for what it reads
 */
record SocketAndPeer(TcpSocket socket, Socket peer) {
    static SocketAndPeer open(RelayFixture fixture, IoEventLoop loop) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TcpSocket socket = open(fixture, loop, (InetSocketAddress) server.getLocalSocketAddress());
            Socket peer = fixture.use(server.accept());
            peer.setSoTimeout(10_000);
            return new SocketAndPeer(socket, peer);
        }
    }

    /** A socket on {@code loop} that is connected to {@code target}, and closed after the test. */
    static TcpSocket open(RelayFixture fixture, IoEventLoop loop, InetSocketAddress target) throws Exception {
        TcpSocket socket = TcpSocket.open(loop, target);
        closeAfterwards(fixture, socket);
        connect(socket, loop, target);
        return socket;
    }

    static void closeAfterwards(RelayFixture fixture, TcpSocket socket) {
        fixture.use(() -> socket.eventLoop().submit(socket::close).syncUninterruptibly());
    }

    /** Puts {@code socket} on {@code loop}, and connects it. */
    static void connect(TcpSocket socket, EventLoop loop, InetSocketAddress target) throws Exception {
        CompletableFuture<Void> connected = new CompletableFuture<>();
        on(loop, () -> {
            socket.handleBy(new SocketEvents() {
                @Override
                public void connectable() {
                    connected.complete(null);
                }
            });
            try {
                socket.register();
                if (socket.connect(target)) {
                    connected.complete(null);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        connected.get(10, TimeUnit.SECONDS);
        on(loop, () -> {
            try {
                assertThat(socket.finishConnect()).isTrue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Runs {@code step} on the event loop, and waits for its end. */
    static void on(EventLoop loop, Runnable step) throws Exception {
        loop.submit(step).get(10, TimeUnit.SECONDS);
    }

    /** The peer resets the connection. */
    void reset() throws IOException {
        peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        peer.close();
    }
}
