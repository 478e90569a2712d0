package io.github.wslproxy.relay.tcp;

import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket whose clients are {@link TcpSocket}s. */
final class ListeningSocket extends NioServerSocketChannel {
    private static final Logger log = LoggerFactory.getLogger(ListeningSocket.class);

    private final TcpSocketOptions sockets;

    /**
     * Opens a socket, not bound yet.
     *
     * @param family of its address; null for one that is dual-stack
     * @throws io.netty.channel.ChannelException if the system has none left
     */
    ListeningSocket(@Nullable SocketProtocolFamily family, TcpSocketOptions sockets) {
        super(SelectorProvider.provider(), family);
        this.sockets = sockets;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws IOException {
        SocketChannel client = javaChannel().accept();
        if (client == null) {
            return 0;
        }
        try {
            accepted.add(new TcpSocket(this, client, sockets));
            return 1;
        } catch (RuntimeException alreadyReset) {
            log.debug("a client had left before it was accepted", alreadyReset);
            client.close();
            return 0;
        }
    }
}
