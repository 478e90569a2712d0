package io.github.wslproxy.relay.tcp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens the target side of a link on the client's own event loop, so that no byte ever changes threads. */
final class TcpDialer {
    private final LinkSockets sockets;

    /** How a dial went. Called on the client's event loop. */
    interface Outcome {
        /** The new channel belongs to the callee. */
        void connected(LinkSocket target);

        /** Nothing was left open. */
        void failed(Throwable cause);
    }

    TcpDialer(LinkSockets sockets) {
        this.sockets = sockets;
    }

    /**
     * Call it on the client's event loop.
     *
     * @return the channel that is being connected; closing it ends the dial, which then has failed. Null if the system has no
     *     socket left, which is told as a failure
     */
    @Nullable
    Channel dial(Channel client, InetSocketAddress target, Duration limit, Outcome outcome) {
        EventLoop loop = client.eventLoop();
        LinkSocket leg;
        try {
            leg = new LinkSocket(sockets);
        } catch (ChannelException noneLeft) {
            loop.execute(() -> outcome.failed(noneLeft));
            return null;
        }
        // To Netty zero is for ever.
        leg.config().setConnectTimeoutMillis(Math.max(1, Math.toIntExact(limit.toMillis())));
        loop.register(leg);
        leg.connect(target).addListener((ChannelFuture dialled) -> tell(leg, dialled, outcome));
        return leg;
    }

    private static void tell(LinkSocket leg, ChannelFuture dialled, Outcome outcome) {
        if (dialled.isSuccess() && isConnectedToItself(leg)) {
            LinkSockets.reset(leg);
            outcome.failed(new ConnectException("nobody listens there"));
        } else if (dialled.isSuccess()) {
            outcome.connected(leg);
        } else {
            leg.close();
            outcome.failed(dialled.cause());
        }
    }

    /**
     * Where a target port is one of those for outgoing connections and nobody listens there, a socket may be given this
     * very port, and TCP connects it to itself (simultaneous open). The server could not listen while that lasts.
     */
    private static boolean isConnectedToItself(LinkSocket leg) {
        return leg.localAddress().equals(leg.remoteAddress());
    }
}
