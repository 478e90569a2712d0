package io.github.wslproxy.relay.tcp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Opens the target side of a link on the client's own event loop, so that no byte ever changes threads. */
final class TcpDialer {
    private final Bootstrap bootstrap;

    TcpDialer(LinkSockets sockets, Duration deadline) {
        bootstrap = new Bootstrap()
                .channel(NioSocketChannel.class)
                // Netty's own resolver would ask DNS on the event loop; only addresses come here.
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(deadline.toMillis()))
                .handler(sockets.initializer(channel -> {}));
    }

    /** Completes on the client's event loop; until it is joined the new channel belongs to the caller. */
    ChannelFuture dial(Channel client, InetSocketAddress target) {
        return bootstrap.clone(client.eventLoop()).connect(target);
    }
}
