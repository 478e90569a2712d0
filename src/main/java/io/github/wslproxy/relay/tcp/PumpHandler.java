package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.ReadBuffers;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.tcp.Preread.FirstBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of one direction, from the channel it stands in to the other.
 *
 * <p>One buffer is in flight: it is read, written, and only when the kernel has taken all of it the next is read. So a
 * slow receiver stops its sender, a link holds at most one buffer each way, and no write ever gathers several buffers,
 * which on Windows could corrupt the stream (the JDK's {@code writev0} goes on to the next piece after a partial send).
 */
final class PumpHandler extends ChannelInboundHandlerAdapter {
    private final PumpPair pair;
    private final TcpSocket source;
    private final TcpSocket sink;
    private final ReadBuffers buffers;
    private int lastRead;
    private int stalledBytes;
    private boolean ended;
    private boolean endsWhenDrained;
    private @Nullable SelectionKey resetWatch;

    PumpHandler(PumpPair pair, TcpSocket source, TcpSocket sink, EventLoops loops) {
        this.pair = pair;
        this.source = source;
        this.sink = sink;
        this.buffers = loops.readBuffers();
    }

    TcpSocket source() {
        return source;
    }

    /** Whether the source has sent its last byte, and all of it is passed on. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether bytes of this direction still wait in front of the sink. */
    boolean isStalled() {
        return stalledBytes > 0;
    }

    /** Passes on what comes first, and begins to read. */
    void begin(FirstBytes first) {
        if (first.bytes().isReadable()) {
            pair.moved(this, first.fromClient());
            pass(first.bytes());
        }
        flush();
        if (first.ended()) {
            endOfInput();
        } else if (sink.isWritable()) {
            readOn();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        pair.moved(this, bytes.readableBytes());
        pass(bytes);
    }

    private void pass(ByteBuf bytes) {
        if (sinkTakes(bytes)) {
            bytes.release();
            return;
        }
        ByteBuf rest = worthKeeping(bytes);
        lastRead = rest.capacity();
        if (rest.isDirect()) {
            sink.write(rest, sink.voidPromise());
        } else {
            sink.write(rest).addListener(this::endIfLost);
        }
    }

    /** Netty copies a heap buffer into a direct one. A void promise would not tell that there is no memory for it. */
    private void endIfLost(Future<?> written) {
        Throwable cause = written.cause();
        if (cause instanceof IOException closed) {
            sinkFailed(closed);
        } else if (cause != null) {
            lost(cause);
        }
    }

    /** Bytes are lost: the sink must not get what comes after them. */
    private void lost(Throwable cause) {
        Fault.escalateFatal(cause);
        pair.cutOff("bytes could not be passed on: " + SocketErrors.of(cause));
    }

    /**
     * Whether the kernel has taken all. The write goes past Netty's queue, which costs more than the write of a small
     * message. The queue gets what the kernel does not take, and what comes while something waits.
     */
    private boolean sinkTakes(ByteBuf bytes) {
        if (!sink.isWritable() || !sink.isActive()) {
            return false;
        }
        try {
            int length = bytes.readableBytes();
            return bytes.readBytes(sink.javaChannel(), length) == length;
        } catch (IOException e) {
            // Netty does so too: nothing more is written to the sink, and what it has sent can still be read.
            sink.shutdownOutput();
            sinkFailed(e);
            return true;
        } catch (OutOfMemoryError noDirectMemory) {
            lost(noDirectMemory); // The JDK copies a heap buffer into a direct one, too.
            return true;
        }
    }

    /** A small rest is copied, so that it does not hold the large buffer of the event loop. */
    private ByteBuf worthKeeping(ByteBuf rest) {
        int length = rest.readableBytes();
        if (length > rest.capacity() / 4) {
            return rest;
        }
        ByteBuf copy = buffers.allocate(sink.alloc(), length);
        if (!copy.isDirect()) {
            copy.release();
            return rest;
        }
        copy.writeBytes(rest);
        rest.release();
        return copy;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (ended) {
            return; // NIO reports the end of input once more, when the sink is shut down and not writable any more.
        }
        flush();
        if (sink.isWritable()) {
            readOn();
        }
    }

    private void flush() {
        if (lastRead > 0) {
            sink.flush();
            noteStall();
        }
    }

    /**
     * A read that was asked for before the target was connected may bring a second buffer behind one that waits. Both
     * are small then, far below the size at which a gathering write fails on Windows.
     */
    private void noteStall() {
        if (!sink.isWritable() && sink.isActive()) {
            stalledBytes += lastRead;
            buffers.stalled(lastRead);
        }
        lastRead = 0;
    }

    /** The sink has taken everything. */
    void sinkDrained() {
        if (!isStalled()) {
            return;
        }
        settle();
        pair.drained(this);
        if (endsWhenDrained) {
            endOfInput();
        } else {
            readOn();
        }
    }

    /** Asks for what the source may still have; bytes that wait for the sink go first. */
    void readUnlessStalled() {
        if (!isStalled()) {
            readOn();
        }
    }

    /** The link ends: gives back what this direction holds. */
    void end() {
        stopWatching();
        settle();
    }

    private void settle() {
        buffers.resumed(stalledBytes);
        stalledBytes = 0;
    }

    /**
     * Watches for a reset by the source while nothing is read from it, as its bytes wait for a slow sink. To be called
     * now and then.
     *
     * @param silent whether nothing has moved for a while
     * @param mayBegin whether a watch may begin; one that has begun goes on
     */
    void watchForReset(boolean silent, boolean mayBegin) {
        boolean wanted = silent && mayResetUnnoticed();
        boolean isWatched = resetWatch != null && resetWatch.isValid();
        if (isWatched && !wanted) {
            stopWatching();
        } else if (!isWatched && wanted && mayBegin) {
            resetWatch = SocketWatch.whenReset(source, this::resetWhileStalled);
        }
    }

    /**
     * Linux reports a hang-up also of a socket that both sides have ended, whose last bytes wait here. Once we have
     * ended our side of the source, only the half-close timeout tells.
     */
    private boolean mayResetUnnoticed() {
        return isStalled() && !pair.opposite(this).hasEnded();
    }

    /** What the source has sent is still delivered, but no longer than a half-closed link may make no progress. */
    private void resetWhileStalled() {
        if (mayResetUnnoticed()) {
            pair.broken(this, "Connection reset");
        }
    }

    private void stopWatching() {
        if (resetWatch != null) {
            SocketWatch.forget(resetWatch);
            resetWatch = null;
        }
    }

    /** Nothing is read after the end of input: that fails on some transports and is never needed. */
    private void readOn() {
        if (!ended && !endsWhenDrained) {
            source.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (source.isWritable()) {
            pair.opposite(this).sinkDrained();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endOfInput();
        }
    }

    /** Bytes of before the connect may still wait in front of the sink: to shut it down would throw them away. */
    private void endOfInput() {
        endsWhenDrained = isStalled();
        if (!endsWhenDrained) {
            ended = true;
            pair.inputEnded(this);
        }
    }

    /** Passes the end on; nothing of this direction waits in front of the sink any more. */
    void endSink() {
        try {
            sink.endOutput();
        } catch (IOException e) {
            sinkFailed(e);
        }
    }

    private void sinkFailed(IOException cause) {
        pair.broken(pair.opposite(this), SocketErrors.of(cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        pair.broken(this, source.closedBecause());
    }

    /** NIO leaves a channel with half-closure open when the peer has reset it, so the link has to close it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Fault.escalateFatal(cause);
        pair.broken(this, SocketErrors.of(cause));
    }
}
