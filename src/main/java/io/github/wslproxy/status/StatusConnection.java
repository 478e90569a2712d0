package io.github.wslproxy.status;

import io.github.wslproxy.os.Fault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client of the status address: reads a request, has it answered, sends the answer, and begins anew. Everything a
 * client sends has a limit, and each step a deadline. Belongs to the event loop of the server.
 */
final class StatusConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final int MOST_LINE = 8 << 10;
    private static final int MOST_HEADERS = 16 << 10;
    static final int MOST_BODY = 16 << 10;

    /** An answer is sent in pieces, so that one which nobody reads takes no memory beside its own bytes. */
    private static final int PIECE = 32 << 10;

    /**
     * What is still read after the last answer: closed with bytes unread, TCP would reset it before the client has
     * read.
     */
    private static final int MOST_DISCARDED = 256 << 10;

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Has requests answered. */
    interface Answering {
        /**
         * Has the request answered.
         *
         * @param reply is to be called once, on any thread
         */
        void answer(Request request, Consumer<Response> reply);
    }

    private enum Phase {
        IDLE,
        RECEIVING,
        ANSWERING,
        SENDING,
        CLOSING
    }

    private final SocketChannel channel;
    private final StatusConnections connections;
    private final StatusLimits limits;
    private final Answering answering;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private Phase phase = Phase.IDLE;
    private Future<?> deadline = CompletableFuture.completedFuture(null);
    private @Nullable HttpRequest head;
    private boolean closesAfterAnswer;
    private boolean inputHasEnded;
    private int discarded;

    StatusConnection(SocketChannel channel, StatusConnections connections, StatusLimits limits, Answering answering) {
        this.channel = channel;
        this.connections = connections;
        this.limits = limits;
        this.answering = answering;
    }

    void addTo(ChannelPipeline pipeline) {
        HttpDecoderConfig config = new HttpDecoderConfig()
                .setMaxInitialLineLength(MOST_LINE)
                .setMaxHeaderSize(MOST_HEADERS)
                .setStrictLineParsing(true);
        pipeline.addLast(new Bytes(), new StrictRequestDecoder(config), this);
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
            // A request before the answer to the one before: HTTP lets a server close instead, and browsers send none.
            closesAfterAnswer = true;
            if (phase == Phase.IDLE) {
                linger(); // The one before has been answered meanwhile.
            }
            return;
        }
        if (part.decoderResult().isFailure()) {
            refuse(mistake(part.decoderResult().cause()));
            return;
        }
        if (part instanceof HttpRequest request) {
            begin(request);
        }
        if (part instanceof HttpContent content && phase == Phase.RECEIVING) {
            take(content);
        }
    }

    private static Response mistake(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Response.line(414, "the first line of the request is longer than " + MOST_LINE + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Response.line(431, "the headers of the request are longer than " + MOST_HEADERS + " bytes");
        }
        return Response.line(400, "that is not a request of HTTP");
    }

    private void begin(HttpRequest request) {
        head = request;
        body.reset();
        closesAfterAnswer |= !HttpUtil.isKeepAlive(request);
        if (!request.protocolVersion().protocolName().equals("HTTP")
                || request.protocolVersion().majorVersion() != 1) {
            refuse(Response.line(505, "only version 1 of HTTP is spoken here"));
        } else if (request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            refuse(Response.line(411, "a body has to come with its Content-Length"));
        } else if (HttpUtil.getContentLength(request, 0L) > MOST_BODY) {
            refuse(tooLong());
        } else if (HttpUtil.is100ContinueExpected(request)) {
            channel.writeAndFlush(channel.alloc().buffer().writeBytes(CONTINUE));
        }
    }

    private static Response tooLong() {
        return Response.line(400, "the body is longer than " + MOST_BODY + " bytes");
    }

    private void take(HttpContent content) {
        ByteBuf bytes = content.content();
        if (body.size() + bytes.readableBytes() > MOST_BODY) {
            refuse(tooLong());
            return;
        }
        body.writeBytes(ByteBufUtil.getBytes(bytes));
        if (content instanceof LastHttpContent) {
            received();
        }
    }

    private void received() {
        HttpRequest request = head;
        if (request == null) {
            refuse(mistake(new IllegalStateException("a body without a head")));
            return;
        }
        URI target = target(request.uri());
        if (target == null) {
            refuse(Response.line(400, "the target of the request is not a path"));
            return;
        }
        phase = Phase.ANSWERING;
        deadline.cancel(false);
        connections.waitsForServer(this);
        channel.config().setAutoRead(false);
        boolean withoutBody = request.method().name().equals("HEAD");
        answering.answer(
                new Request(request.method().name(), target, request.headers(), body.toString(StandardCharsets.UTF_8)),
                response -> runOnLoop(() -> send(response, withoutBody)));
    }

    /** Null for what is neither a path nor a URL with one. */
    private static @Nullable URI target(String text) {
        try {
            URI target = new URI(text);
            return target.getPath() == null ? null : target;
        } catch (URISyntaxException odd) {
            return null;
        }
    }

    private void runOnLoop(Runnable work) {
        if (channel.eventLoop().inEventLoop()) {
            work.run();
        } else if (!channel.eventLoop().isShuttingDown()) {
            channel.eventLoop().execute(work);
        }
    }

    /** What follows cannot be told from the rest of this request, so nothing more is read. */
    private void refuse(Response response) {
        closesAfterAnswer = true;
        send(response, false);
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
        byte[] start = ResponseHead.of(response, closesAfterAnswer).getBytes(StandardCharsets.US_ASCII);
        send(piece(start.length + rest.remaining()).writeBytes(start), rest);
    }

    /**
     * One buffer at a time: the JDK gathers several into one system call, which on Windows could corrupt the stream
     * ({@code writev0} goes on to the next piece after a partial send).
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
        head = null;
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
