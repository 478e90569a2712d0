package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.relay.Listener;
import io.github.wslproxy.relay.RelayLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
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
import java.util.function.Consumer;

/** Opens a listening socket and hands each accepted client, not read from yet, to the relay on the client's own loop. */
final class TcpBinder implements Listener.Binder {
    private static final int BACKLOG = 1024;

    private final RelayLoops loops;
    private final LinkSockets sockets;
    private final Host host;
    private final Consumer<Channel> accepted;

    TcpBinder(RelayLoops loops, LinkSockets sockets, Host host, Consumer<Channel> accepted) {
        this.loops = loops;
        this.sockets = sockets;
        this.host = host;
        this.accepted = accepted;
    }

    @Override
    public ChannelFuture bind(EventLoop loop, InetSocketAddress local) {
        return new ServerBootstrap()
                .group(loop, loops.group())
                .channelFactory(() -> serverChannel(local))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childHandler(sockets.initializer(client -> client.pipeline().addLast(new Acceptance())))
                .bind(local);
    }

    /**
     * Without a family the JDK's socket is dual-stack and turns {@code 0.0.0.0} into {@code ::}: it would listen on more
     * than was asked for.
     */
    private ServerChannel serverChannel(InetSocketAddress local) {
        boolean everywhere = host instanceof Host.Everywhere;
        return !everywhere && local.getAddress() instanceof Inet4Address
                ? new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET)
                : new NioServerSocketChannel();
    }

    private final class Acceptance extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.pipeline().remove(this);
            accepted.accept(ctx.channel());
        }
    }
}
