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

    /** How a dial went. Called on the client's event loop. */
    interface Outcome {
        /** The new channel belongs to the callee. */
        void connected(Channel target);

        /** Nothing was left open. */
        void failed(Throwable cause);
    }

    TcpDialer(LinkSockets sockets) {
        bootstrap = new Bootstrap()
                .channelFactory(NioSocketChannel::new)
                // Netty's own resolver would ask DNS on the event loop; only addresses come here.
                .disableResolver()
                .handler(sockets.initializer(channel -> {}));
    }

    /**
     * Call it on the client's event loop.
     *
     * @return the channel that is being connected; closing it ends the dial, which then has failed
     */
    Channel dial(Channel client, InetSocketAddress target, Duration limit, Outcome outcome) {
        // To Netty zero is for ever.
        int millis = Math.max(1, Math.toIntExact(limit.toMillis()));
        ChannelFuture dialling = bootstrap
                .clone(client.eventLoop())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .connect(target);
        dialling.addListener((ChannelFuture dialled) -> {
            if (client.eventLoop().inEventLoop()) {
                tell(dialled, outcome);
            } else {
                // Where no socket could be opened Netty reports it on a thread of its own.
                client.eventLoop().execute(() -> tell(dialled, outcome));
            }
        });
        return dialling.channel();
    }

    private static void tell(ChannelFuture dialled, Outcome outcome) {
        if (dialled.isSuccess()) {
            outcome.connected(dialled.channel());
        } else {
            outcome.failed(dialled.cause());
        }
    }
}
