package io.github.wslproxy.status;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.status.RequestReader.RefusedRequestException;
import io.github.wslproxy.status.StatusServer.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One connection to the status address: reads a request, has it answered, sends the response, and begins anew.
 * Everything a client sends has a limit, and each step a deadline. Belongs to the event loop of the server.
 */
final class StatusConnection extends SimpleChannelInboundHandler<HttpObject> {
    /** A response is sent in pieces, so that one which nobody reads takes no memory beside its own bytes. */
    private static final int PIECE = 32 << 10;

    /**
     * So much is still read after the last response: TCP resets a connection that is closed with bytes unread, and the
     * client would lose what it has not read yet.
     */
    private static final int MOST_DISCARDED = 256 << 10;

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private enum Phase {
        IDLE,
        RECEIVING,
        ANSWERING,
        SENDING,
        CLOSING
    }

    private final SocketChannel channel;
    private final StatusConnections connections;
    private final Limits limits;
    private final StatusHandler handler;
    private final RequestReader reader = new RequestReader();
    private Phase phase = Phase.IDLE;
    private Future<?> deadline = CompletableFuture.completedFuture(null);
    private boolean closesAfterAnswer;
    private boolean inputHasEnded;
    private int discarded;

    StatusConnection(SocketChannel channel, StatusConnections connections, Limits limits, StatusHandler handler) {
        this.channel = channel;
        this.connections = connections;
        this.limits = limits;
        this.handler = handler;
    }

    void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(new Bytes(), RequestReader.decoder(), this);
    }

    void close() {
        channel.close();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!connections.enter(this)) {
            close();
            return;
        }
        awaitRequest();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        connections.leave(this);
        deadline.cancel(false);
    }

    /** The decoder tells of a request only when its head is whole; the deadline runs from the first byte. */
    private final class Bytes extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (phase == Phase.CLOSING) {
                discard((ByteBuf) message);
                return;
            }
            if (phase == Phase.IDLE) {
                phase = Phase.RECEIVING;
                closeUnlessWithin(limits.deadline());
            }
            ctx.fireChannelRead(message);
        }
    }

    private void discard(ByteBuf bytes) {
        discarded += bytes.readableBytes();
        ReferenceCountUtil.release(bytes);
        if (discarded > MOST_DISCARDED) {
            close();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
        if (phase != Phase.RECEIVING) {
            // It came before the answer to the request before it. HTTP lets a server close then; browsers do not do it.
            closesAfterAnswer = true;
            if (phase == Phase.IDLE) {
                linger(); // The request before it has been answered meanwhile.
            }
            return;
        }
        try {
            if (part instanceof HttpRequest head) {
                closesAfterAnswer |= !HttpUtil.isKeepAlive(head);
            }
            Optional<Request> whole = reader.read(part);
            if (whole.isPresent()) {
                answer(whole.get());
            } else if (part instanceof HttpRequest head && HttpUtil.is100ContinueExpected(head)) {
                channel.writeAndFlush(channel.alloc().buffer().writeBytes(CONTINUE));
            }
        } catch (RefusedRequestException refused) {
            closesAfterAnswer = true;
            send(refused.response(), false);
        }
    }

    private void answer(Request request) {
        phase = Phase.ANSWERING;
        deadline.cancel(false);
        connections.waitsForServer(this);
        channel.config().setAutoRead(false);
        handler.answer(request, response -> runOnLoop(() -> send(response, request.isHead())));
    }

    private void runOnLoop(Runnable work) {
        if (channel.eventLoop().inEventLoop()) {
            work.run();
        } else if (!channel.eventLoop().isShuttingDown()) {
            channel.eventLoop().execute(work);
        }
    }

    private void send(Response response, boolean withoutBody) {
        if (!channel.isActive()) {
            return;
        }
        phase = Phase.SENDING;
        channel.config().setAutoRead(false);
        connections.waitsForClient(this);
        closeUnlessWithin(limits.deadline());
        ByteBuffer rest = withoutBody ? ByteBuffer.allocate(0) : response.body().duplicate();
        byte[] head = response.head(closesAfterAnswer);
        send(piece(head.length + rest.remaining()).writeBytes(head), rest);
    }

    /**
     * Sends one buffer at a time: the JDK gathers several into one system call, which on Windows could corrupt the
     * stream ({@code writev0} goes on to the next piece after a partial send).
     */
    private void send(ByteBuf piece, ByteBuffer rest) {
        int count = Math.min(rest.remaining(), Math.max(0, PIECE - piece.readableBytes()));
        piece.writeBytes(rest.slice(rest.position(), count));
        rest.position(rest.position() + count);
        channel.writeAndFlush(piece).addListener((ChannelFuture sent) -> {
            if (!sent.isSuccess()) {
                close();
            } else if (rest.hasRemaining()) {
                send(piece(rest.remaining()), rest);
            } else {
                sent();
            }
        });
    }

    private ByteBuf piece(int bytesLeft) {
        return channel.alloc().buffer(Math.min(PIECE, bytesLeft));
    }

    private void sent() {
        if (closesAfterAnswer) {
            linger();
        } else {
            awaitRequest();
        }
    }

    private void awaitRequest() {
        phase = Phase.IDLE;
        connections.waitsForClient(this);
        closeUnlessWithin(limits.idle());
        channel.config().setAutoRead(true);
    }

    private void linger() {
        if (inputHasEnded) {
            close();
            return;
        }
        phase = Phase.CLOSING;
        closeUnlessWithin(LINGER);
        channel.shutdownOutput();
        channel.config().setAutoRead(true);
    }

    private void closeUnlessWithin(Duration time) {
        deadline.cancel(false);
        deadline = channel.eventLoop().schedule(this::close, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) {
            return;
        }
        inputHasEnded = true;
        closesAfterAnswer = true; // The client may still read.
        if (phase != Phase.ANSWERING && phase != Phase.SENDING) {
            close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Fault.escalateFatal(cause);
        close();
    }
}
