package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.Listener;
import io.github.wslproxy.relay.PortMapping;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a listening socket and hands each accepted client, not read from yet, to the relay on the client's own loop.
 */
final class TcpBinder implements Listener.Binder {
    /** The waiting room of a burst: see {@link ConnectQueue}. Systems take less where they allow less. */
    private static final int BACKLOG = 4096;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** After so many in a row the next waits for a moment, as it is not known what is wrong with them. */
    private static final int FAILURES_IN_A_ROW = 64;

    private static final Duration SHORT_PAUSE = Duration.ofMillis(20);

    private static final Logger log = LoggerFactory.getLogger(TcpBinder.class);

    private final TcpRelay relay;
    private final TcpSocketOptions sockets;

    TcpBinder(TcpRelay relay, TcpSocketOptions sockets) {
        this.relay = relay;
        this.sockets = sockets;
    }

    @Override
    public ChannelFuture bind(EventLoop loop, InetSocketAddress local, Supplier<ListenerConfig> duty) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(
                        () -> new ListeningSocket(family(local, duty.get().mapping()), sockets))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new Acceptor(duty))
                .bind(local);
    }

    /**
     * Without a family the JDK's socket is dual-stack and turns {@code 0.0.0.0} into {@code ::}: it would listen on
     * more than was asked for.
     */
    private static @Nullable SocketProtocolFamily family(InetSocketAddress local, PortMapping route) {
        boolean everywhere = route.host() instanceof Host.Everywhere;
        return !everywhere && local.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : null;
    }

    /** Netty's own acceptor would build a pipeline for each client only to take it down again. */
    private final class Acceptor extends ChannelInboundHandlerAdapter implements ConnectQueue.Waiting {
        private final Supplier<ListenerConfig> duty;
        private volatile Runnable resume = () -> {};
        private int failures;

        Acceptor(Supplier<ListenerConfig> duty) {
            this.duty = duty;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            failures = 0;
            TcpSocket client = (TcpSocket) message;
            EventLoop loop = relay.context().loops().group().next();
            Fault.contain(
                    () -> register(client, loop), failure -> client.unsafe().closeForcibly());
        }

        private void register(TcpSocket client, EventLoop loop) {
            loop.register(client).addListener((ChannelFuture registered) -> {
                if (registered.isSuccess()) {
                    relay.accepted(client, duty.get());
                } else {
                    client.unsafe().closeForcibly();
                }
            });
        }

        /** Who is not accepted waits in the backlog, which costs no descriptor. */
        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            relay.takeNoSocketForTarget().ifPresent(cause -> {
                // The next ones would be accepted with the last socket, too, and turned away.
                relay.cannotAccept(cause);
                pause(ctx, PAUSE, () -> {});
            });
            if (relay.legs().areUsedUp()) {
                pause(ctx, PAUSE, () -> {
                    relay.legs().forget(this);
                    relay.noLegIsFree();
                });
                relay.legs().pause(this);
            }
        }

        @Override
        public void legIsFree() {
            resume.run();
        }

        /**
         * A listener that has no descriptor left for a client would be ready for ever: the clients wait in its backlog.
         * On Windows a client that has reset its connection before it was accepted is a failure too (WSAECONNRESET),
         * which must not hold up the others.
         */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Fault.escalateFatal(cause);
            if (!aSocketIsLeft()) {
                relay.cannotAccept(cause);
                pause(ctx, PAUSE, () -> {});
                return;
            }
            log.debug("a client could not be accepted: {}", SocketErrors.of(cause));
            failures++;
            if (failures == FAILURES_IN_A_ROW) {
                failures = 0;
                relay.cannotAccept(cause);
                pause(ctx, SHORT_PAUSE, () -> {});
            }
        }

        private static boolean aSocketIsLeft() {
            try {
                SocketChannel.open().close();
                return true;
            } catch (IOException none) {
                return false;
            }
        }

        /** Until {@link #resume} is run, on any thread, or a while has passed. */
        private void pause(ChannelHandlerContext ctx, Duration time, Runnable whenPassed) {
            ChannelConfig config = ctx.channel().config();
            if (!config.isAutoRead()) {
                return;
            }
            config.setAutoRead(false);
            Future<?> passed = ctx.executor()
                    .schedule(
                            () -> {
                                config.setAutoRead(true);
                                whenPassed.run();
                            },
                            time.toMillis(),
                            TimeUnit.MILLISECONDS);
            resume = () -> {
                passed.cancel(false);
                config.setAutoRead(true);
            };
        }
    }
}
