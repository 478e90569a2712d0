package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.testing.RelayFixture;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;

/**
 * A socket of wslproxy, on an event loop, and the peer at its other end. Both are closed after the test.
 *
 * @param peer waits 10 seconds for what it reads
 */
record SocketAndPeer(TcpSocket socket, Socket peer) {
    static SocketAndPeer open(RelayFixture fixture, EventLoop loop) throws Exception {
        EventLoops loops = fixture.context().loops();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TcpSocket socket = new TcpSocket(new TcpChannelSetup(loops));
            fixture.use(() -> socket.close().syncUninterruptibly());
            loop.register(socket).sync();
            socket.connect(server.getLocalSocketAddress()).sync();
            Socket peer = fixture.use(server.accept());
            peer.setSoTimeout(10_000);
            return new SocketAndPeer(socket, peer);
        }
    }

    /** The peer resets the connection. */
    void reset() throws IOException {
        peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        peer.close();
    }
}
