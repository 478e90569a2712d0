package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.LoopGuard;
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
    private final TcpSocketOptions sockets;
    private final LoopGuard loopGuard;

    /** How a dial went. Called on the client's event loop. */
    interface Outcome {
        /** The new channel belongs to the callee. */
        void connected(TcpSocket target);

        /** Nothing was left open. */
        void failed(Throwable cause);
    }

    TcpDialer(TcpSocketOptions sockets, LoopGuard loopGuard) {
        this.sockets = sockets;
        this.loopGuard = loopGuard;
    }

    /**
     * Call it on the client's event loop.
     *
     * @return the channel that is being connected; closing it ends the dial, which then has failed. Null if the system
     *     has no socket left, which is told as a failure
     */
    @Nullable
    Channel dial(Channel client, InetSocketAddress target, Duration limit, Outcome outcome) {
        EventLoop loop = client.eventLoop();
        TcpSocket leg;
        try {
            leg = new TcpSocket(sockets);
        } catch (ChannelException noneLeft) {
            loop.execute(() -> outcome.failed(noneLeft));
            return null;
        }
        // To Netty zero is for ever.
        leg.config().setConnectTimeoutMillis(Math.max(1, Math.toIntExact(limit.toMillis())));
        loop.register(leg);
        if (loopGuard.mayComeBack(Protocol.TCP, target)) {
            watchForComingBack(leg);
        }
        leg.connect(target).addListener((ChannelFuture dialled) -> tell(leg, dialled, outcome));
        return leg;
    }

    /**
     * Its port has to be known before it connects, since a listener on another event loop may be quicker than this one.
     */
    private void watchForComingBack(TcpSocket leg) {
        leg.bind(new InetSocketAddress(0));
        int port = leg.localPort();
        if (port > 0) {
            LoopGuard.Registration registration =
                    loopGuard.connecting(port, () -> leg.eventLoop().execute(leg::cameBack));
            leg.closeFuture().addListener(unused -> registration.remove());
        }
    }

    private static void tell(TcpSocket leg, ChannelFuture dialled, Outcome outcome) {
        if (leg.comesBack()) {
            outcome.failed(new LoopException());
        } else if (dialled.isSuccess() && isConnectedToItself(leg)) {
            TcpSocketOptions.reset(leg);
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
    static boolean isConnectedToItself(TcpSocket leg) {
        return leg.localPort() == leg.remoteAddress().getPort()
                && leg.localAddress().getAddress().equals(leg.remoteAddress().getAddress());
    }
}
