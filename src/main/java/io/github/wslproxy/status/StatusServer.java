package io.github.wslproxy.status;

import io.github.wslproxy.os.Fault;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the state of the proxy to a browser on this computer: {@code /} the page, {@code /api/status} JSON,
 * {@code /metrics} Prometheus text. An action has to be posted, with a token.
 *
 * <p>The server has an event loop and threads of its own, and looks at the relays about once a second at most, so
 * neither a stuck client nor a flood of them is felt by what is forwarded.
 *
 * <p>A request passes {@link StatusConnection}, which reads it, and {@link StatusHandler}, which answers it from
 * {@link SnapshotCache} with a document of {@link StatusJson} or {@link StatusMetrics}.
 */
public final class StatusServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusServer.class);
    private static final String THREADS = "wslproxy-status";
    private static final int BACKLOG = 128;
    private static final int READ_BYTES = 8 << 10;
    private static final Duration LONGEST_END = Duration.ofSeconds(2);

    private final InetSocketAddress listen;
    private final Supplier<Snapshot> snapshot;
    private final AdminApi admin;
    private final String token;
    private final Limits limits;
    private @Nullable Running running;

    /**
     * What the clients of the status address may take. Any user of this computer can connect to it.
     *
     * @param connections most at a time
     * @param idle how long a connection may say nothing between two requests, and before the first one
     * @param deadline for each step of an exchange: the request from its first byte to its last, the making of the
     *     answer, and the sending of it
     * @param period between two looks at the running proxy, on average; a few may follow each other at once
     */
    record Limits(int connections, Duration idle, Duration deadline, Duration period) {
        static final Limits USUAL =
                new Limits(64, Duration.ofSeconds(15), Duration.ofSeconds(3), Duration.ofSeconds(1));
    }

    /** What exists between the start and the close. */
    private record Running(
            EventLoopGroup group, Channel channel, StatusHandler handler, StatusConnections connections) {}

    /**
     * Makes a server that does nothing until it is started.
     *
     * @param snapshot called about once a second at most, on threads of this server, two at a time at most; it should
     *     not block
     * @param admin called on threads of this server; may block for less than the three seconds of an answer
     * @param token that has to be sent along with an action
     */
    public StatusServer(InetSocketAddress listen, Supplier<Snapshot> snapshot, AdminApi admin, String token) {
        this(listen, snapshot, admin, token, Limits.USUAL);
    }

    StatusServer(InetSocketAddress listen, Supplier<Snapshot> snapshot, AdminApi admin, String token, Limits limits) {
        this.listen = listen;
        this.snapshot = snapshot;
        this.admin = admin;
        this.token = token;
        this.limits = limits;
    }

    /**
     * Listens; once it returns, requests are answered. A failed start leaves nothing behind and may be repeated.
     *
     * @throws IOException if it cannot listen; the message is for the user, it names the address and says what to do
     */
    public synchronized void start() throws IOException {
        if (running != null) {
            throw new IllegalStateException("already started");
        }
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(THREADS, true), NioIoHandler.newFactory());
        EventLoop loop = group.next();
        StatusHandler handler = new StatusHandler(snapshot, admin, token, limits, loop);
        StatusConnections connections = new StatusConnections(limits.connections());
        ChannelFuture bound =
                bootstrap(group, handler, connections).bind(listen).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            handler.close();
            end(group);
            throw cannotListen(bound.cause());
        }
        loop.terminationFuture().addListener(StatusServer::endedWell);
        running = new Running(group, bound.channel(), handler, connections);
        log.info("status page at {}", NetUtil.toSocketAddressString(address()));
    }

    private ServerBootstrap bootstrap(EventLoopGroup group, StatusHandler handler, StatusConnections connections) {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .handler(new AcceptFailures())
                .childOption(ChannelOption.TCP_NODELAY, true)
                // A client may end its side with the request and read the answer after that.
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                // The direct memory is for what is forwarded.
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false))
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        new StatusConnection(client, connections, limits, handler).addTo(client.pipeline());
                    }
                });
    }

    private IOException cannotListen(Throwable cause) {
        String why = listen.isUnresolved() ? "that name is not known" : String.valueOf(cause.getMessage());
        return new IOException(
                "status page: cannot listen on " + NetUtil.toSocketAddressString(listen) + ": " + why
                        + " (choose another address or port for listen in [status], or listen = \"off\")",
                cause);
    }

    /** An {@link Error} outside of any channel's handlers ends the loop, and with it the status address. */
    private static void endedWell(Future<?> end) {
        if (!end.isSuccess()) {
            Fault.escalate(new IllegalStateException("the event loop of the status address has ended", end.cause()));
        }
    }

    /** The address it listens on, with the port that was chosen if port 0 was asked for. Only while it is started. */
    public synchronized InetSocketAddress address() {
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return (InetSocketAddress) running.channel().localAddress();
    }

    /** Has the next request look anew, as something has changed that its client may have waited for. */
    public synchronized void changed() {
        if (running != null) {
            running.handler().forget();
        }
    }

    /** Frees the port, ends every connection and the threads. May be repeated, and called without a start. */
    @Override
    public synchronized void close() {
        Running ending = running;
        running = null;
        if (ending != null) {
            ending.channel().close().awaitUninterruptibly();
            if (!ending.group().isShuttingDown()) {
                ending.group().next().submit(ending.connections()::closeAll).awaitUninterruptibly();
            }
            ending.handler().close();
            end(ending.group());
        }
    }

    /** Waits, as the JDK keeps a closed socket open until its selector is asked again or closed. */
    private static void end(EventLoopGroup group) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(LONGEST_END.toMillis());
    }

    /**
     * Rests longer and longer while no client can be accepted: where no descriptor is left the listening socket is
     * ready all the time, and asking it again at once would keep a processor busy. A single failure is no reason to
     * rest, as Windows reports a client that has gone before it was accepted.
     */
    static final class AcceptFailures extends ChannelInboundHandlerAdapter {
        private static final int AT_ONCE = 5;
        private static final long FIRST_REST_MILLIS = 10;
        private static final long LONGEST_REST_MILLIS = 1000;

        private int failures;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object client) {
            failures = 0;
            ctx.fireChannelRead(client);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Fault.escalateFatal(cause);
            failures++;
            if (failures <= AT_ONCE) {
                return;
            }
            log.debug("status address: cannot accept", cause);
            int doublings = Math.min(failures - AT_ONCE - 1, 10);
            long rest = Math.min(LONGEST_REST_MILLIS, FIRST_REST_MILLIS << doublings);
            ChannelConfig config = ctx.channel().config();
            config.setAutoRead(false);
            ctx.executor().schedule(() -> config.setAutoRead(true), rest, TimeUnit.MILLISECONDS);
        }
    }
}
