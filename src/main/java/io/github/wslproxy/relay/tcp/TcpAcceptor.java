package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.Binder;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.relay.SocketErrors;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens listening sockets and hands each accepted client over on the client's own event loop. Nothing has been read
 * from the client by then.
 */
final class TcpAcceptor implements Binder {
    /** A burst waits here: see {@link ConnectQueue}. A system that allows less takes less; Windows does not tell it. */
    private static final int BACKLOG = 4096;

    private static final Duration REST = Duration.ofSeconds(1);

    /** After this many failures in a row, whose reason is not known, the listener rests for a moment. */
    private static final int FAILURES_IN_A_ROW = 64;

    private static final Duration SHORT_REST = Duration.ofMillis(20);

    private static final Logger log = LoggerFactory.getLogger(TcpAcceptor.class);

    private final EventLoops loops;
    private final LoopGuard loopGuard;
    private final ConnectQueue queue;
    private final AcceptedClients clients;
    private final Consumer<String> problems;

    /** Takes over the clients. */
    interface AcceptedClients {
        /** Called on the client's event loop. */
        void accepted(TcpSocket client, ListenerConfig config);
    }

    /**
     * Opens nothing yet.
     *
     * @param loopGuard knows which clients are connections of our own; they are reset
     * @param queue tells when clients are to be left in the backlog
     * @param problems told, in one line, why clients have to wait in the backlog
     */
    TcpAcceptor(
            EventLoops loops,
            LoopGuard loopGuard,
            ConnectQueue queue,
            AcceptedClients clients,
            Consumer<String> problems) {
        this.loops = loops;
        this.loopGuard = loopGuard;
        this.queue = queue;
        this.clients = clients;
        this.problems = problems;
    }

    @Override
    public ChannelFuture bind(EventLoop loop, InetSocketAddress local, Supplier<ListenerConfig> config) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(
                        () -> new ListeningSocket(family(local, config.get().mapping())))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptHandler(config))
                .bind(local);
    }

    @Override
    public void afterAccepting(Channel bound, boolean alsoAtRest, Runnable then) {
        bound.eventLoop().execute(() -> {
            try {
                ((ListeningSocket) bound).acceptWaiting(alsoAtRest);
            } finally {
                then.run();
            }
        });
    }

    /**
     * A socket without a family is dual-stack in the JDK, which turns {@code 0.0.0.0} into {@code ::}: it would listen
     * on more than was asked for.
     */
    private static @Nullable SocketProtocolFamily family(InetSocketAddress local, PortMapping mapping) {
        boolean everywhere = mapping.host() instanceof Host.Everywhere;
        return !everywhere && local.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : null;
    }

    private void cannotAccept(String why) {
        problems.accept("cannot accept clients: " + why);
    }

    /** Its clients are {@link SocketChannel}s of the JDK. */
    private static final class ListeningSocket extends NioServerSocketChannel {
        private int acceptedSoFar;

        /** @param family of its address; null makes it dual-stack */
        ListeningSocket(@Nullable SocketProtocolFamily family) {
            super(SelectorProvider.provider(), family);
        }

        /** One read takes no more than a few, and one at most while the listener rests. */
        void acceptWaiting(boolean alsoAtRest) {
            int before = -1;
            for (int reads = 0; reads < BACKLOG && before != acceptedSoFar && accepts(alsoAtRest); reads++) {
                before = acceptedSoFar;
                unsafe().read();
            }
        }

        private boolean accepts(boolean alsoAtRest) {
            return isActive() && (alsoAtRest || config().isAutoRead());
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws IOException {
            SocketChannel client = javaChannel().accept();
            if (client == null) {
                return 0;
            }
            acceptedSoFar++;
            accepted.add(client);
            return 1;
        }
    }

    /** Replaces Netty's own acceptor, which would build a pipeline for each client only to take it down again. */
    private final class AcceptHandler extends ChannelInboundHandlerAdapter implements ConnectQueue.Waiter {
        private final Supplier<ListenerConfig> config;
        private volatile Runnable resume = () -> {};
        private int failures;

        AcceptHandler(Supplier<ListenerConfig> config) {
            this.config = config;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            failures = 0;
            IoEventLoop loop = loops.group().next();
            TcpSocket client;
            try {
                client = TcpSocket.accepted((SocketChannel) message, loop);
            } catch (IOException alreadyReset) {
                log.debug("a client had left before it was accepted", alreadyReset);
                return;
            }
            if (loopGuard.isOwnConnection(client.remoteAddress())) {
                client.reset();
            } else {
                Fault.contain(() -> loop.execute(() -> register(client)), loopHasEnded -> client.close());
            }
        }

        private void register(TcpSocket client) {
            try {
                client.register();
            } catch (IOException e) {
                log.debug("a client could not be taken over", e);
                client.close();
                return;
            }
            clients.accepted(client, config.get());
        }

        /** A client that is not accepted waits in the backlog, which costs no descriptor. */
        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            queue.takeSocketShortage().ifPresent(why -> {
                // The next clients would be accepted with the last socket, too, and turned away.
                cannotAccept(why);
                rest(ctx, REST, () -> {});
            });
            if (queue.isFull() && rest(ctx, REST, this::wokenByNobody)) {
                queue.rest(this);
            }
        }

        private void wokenByNobody() {
            queue.forgetResting(this);
            problems.accept("new clients wait in the backlog:"
                    + " [limits] max_connecting connections wait for their target already");
        }

        @Override
        public void reconsider() {
            resume.run();
        }

        /**
         * Without a pause a listener that has no descriptor left for a client would be ready for ever. On Windows a
         * client that has reset its connection before it was accepted is a failure too (WSAECONNRESET), which must not
         * hold up the others.
         */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Fault.escalateFatal(cause);
            String why = SocketErrors.of(cause);
            if (!isSocketLeft()) {
                cannotAccept(why);
                rest(ctx, REST, () -> {});
                return;
            }
            log.debug("a client could not be accepted: {}", why);
            failures++;
            if (failures == FAILURES_IN_A_ROW) {
                failures = 0;
                cannotAccept(why);
                rest(ctx, SHORT_REST, () -> {});
            }
        }

        private static boolean isSocketLeft() {
            try {
                SocketChannel.open().close();
                return true;
            } catch (IOException none) {
                return false;
            }
        }

        /**
         * Accepts nobody until {@link #resume} is run, on any thread, or {@code time} has passed.
         *
         * @return false if the listener rests already
         */
        private boolean rest(ChannelHandlerContext ctx, Duration time, Runnable whenPassed) {
            ChannelConfig listener = ctx.channel().config();
            if (!listener.isAutoRead()) {
                return false;
            }
            listener.setAutoRead(false);
            Future<?> passed = ctx.executor()
                    .schedule(
                            () -> {
                                listener.setAutoRead(true);
                                whenPassed.run();
                            },
                            time.toMillis(),
                            TimeUnit.MILLISECONDS);
            resume = () -> {
                passed.cancel(false);
                listener.setAutoRead(true);
            };
            return true;
        }
    }
}
