package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.fault.Fault;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.relay.Duty;
import io.github.wslproxy.relay.Listener;
import io.github.wslproxy.relay.Route;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.Supplier;

/** Opens a listening socket and hands each accepted client, not read from yet, to the relay on the client's own loop. */
final class TcpBinder implements Listener.Binder {
    private static final int BACKLOG = 1024;

    private final TcpRelay relay;
    private final LinkSockets sockets;

    TcpBinder(TcpRelay relay, LinkSockets sockets) {
        this.relay = relay;
        this.sockets = sockets;
    }

    @Override
    public ChannelFuture bind(EventLoop loop, InetSocketAddress local, Supplier<Duty> duty) {
        return new ServerBootstrap()
                .group(loop, relay.context().loops().group())
                .channelFactory(() -> serverChannel(local, duty.get().route()))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptFailures())
                .childHandler(sockets.initializer(client -> client.pipeline().addLast(new Acceptance(duty))))
                .bind(local);
    }

    /**
     * Without a family the JDK's socket is dual-stack and turns {@code 0.0.0.0} into {@code ::}: it would listen on more
     * than was asked for.
     */
    private static ServerChannel serverChannel(InetSocketAddress local, Route route) {
        boolean everywhere = route.host() instanceof Host.Everywhere;
        return !everywhere && local.getAddress() instanceof Inet4Address
                ? new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET)
                : new NioServerSocketChannel();
    }

    private final class Acceptance extends ChannelInboundHandlerAdapter {
        private final Supplier<Duty> duty;

        Acceptance(Supplier<Duty> duty) {
            this.duty = duty;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.pipeline().remove(this);
            relay.accepted(ctx.channel(), duty.get());
        }
    }

    private final class AcceptFailures extends ChannelInboundHandlerAdapter {
        /** Passed on, since Netty's acceptor answers it by a pause; without that the loop would spin. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Fault.escalateFatal(cause);
            relay.cannotAccept(cause);
            ctx.fireExceptionCaught(cause);
        }
    }
}
