package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.DirectMemory;
import io.github.wslproxy.relay.ReadBudget;
import io.github.wslproxy.relay.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;

/**
 * Moves the bytes of one direction, from the channel it stands in to the other.
 *
 * <p>One buffer is in flight: it is read, written, and only when the kernel has taken all of it the next is read. So a
 * slow receiver stops its sender, a link holds at most one buffer each way, and no write ever gathers several buffers,
 * which on Windows could corrupt the stream (the JDK's {@code writev0} goes on to the next piece after a partial send).
 */
final class PumpHandler extends ChannelInboundHandlerAdapter {
    private final TcpLink link;
    private final TcpSocket source;
    private final TcpSocket sink;
    private final ReadBudget budget;
    private final DirectMemory memory;
    private int lastRead;
    private int stalledBytes;
    private boolean ended;
    private boolean endsWhenDrained;

    PumpHandler(TcpLink link, TcpSocket source, TcpSocket sink, EventLoops loops) {
        this.link = link;
        this.source = source;
        this.sink = sink;
        this.budget = loops.readBudget();
        this.memory = loops.memory();
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
    void begin(Early early) {
        if (early.bytes().isReadable()) {
            link.moved(this, early.fromClient());
            pass(early.bytes());
        }
        flush();
        if (early.ended()) {
            endOfInput();
        } else if (sink.isWritable()) {
            readOn();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        link.moved(this, bytes.readableBytes());
        pass(bytes);
    }

    private void pass(ByteBuf bytes) {
        if (sinkTakes(bytes)) {
            bytes.release();
            return;
        }
        ByteBuf rest = worthKeeping(bytes);
        lastRead = rest.capacity();
        sink.write(rest, sink.voidPromise());
    }

    /**
     * Whether the kernel has taken all. Past Netty's queue, which for a small message costs more than the write; what
     * the kernel does not take, and what comes while something waits, goes there.
     */
    private boolean sinkTakes(ByteBuf bytes) {
        if (!sink.isWritable() || !sink.isActive()) {
            return false;
        }
        try {
            int length = bytes.readableBytes();
            return bytes.readBytes(sink.javaChannel(), length) == length;
        } catch (IOException e) {
            // As Netty does it: nothing more is written there, and what it has sent can still be read.
            sink.shutdownOutput();
            sink.pipeline().fireExceptionCaught(e);
            return true;
        }
    }

    /** The large buffer of the event loop is kept only for much. */
    private ByteBuf worthKeeping(ByteBuf rest) {
        int length = rest.readableBytes();
        if (length > rest.capacity() / 4) {
            return rest;
        }
        ByteBuf copy = memory.forLink(sink.alloc(), length);
        if (copy.capacity() < length) {
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
     * A read that was asked for before the join may bring a second buffer behind one that waits. Both are small then,
     * far from what a gathering write on Windows may not reach.
     */
    private void noteStall() {
        if (!sink.isWritable() && sink.isActive()) {
            stalledBytes += lastRead;
            budget.stalled(lastRead);
        }
        lastRead = 0;
    }

    /** The sink has taken everything. */
    void sinkDrained() {
        if (!isStalled()) {
            return;
        }
        settleBudget();
        link.drained(this);
        if (endsWhenDrained) {
            endOfInput();
        } else {
            readOn();
        }
    }

    /** Asks for what the source may still have; what is on its way goes first. */
    void readUnlessStalled() {
        if (!isStalled()) {
            readOn();
        }
    }

    /** Gives back what this direction holds of the budget; to be called when the link ends. */
    void settleBudget() {
        budget.resumed(stalledBytes);
        stalledBytes = 0;
    }

    /** Not after the end of input: reading a half-closed channel fails on some transports and is never needed. */
    private void readOn() {
        if (!ended && !endsWhenDrained) {
            source.read();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (source.isWritable()) {
            link.opposite(this).sinkDrained();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            endOfInput();
        }
    }

    /** Shutting the sink down throws away what it has not taken; bytes of before the join may still wait there. */
    private void endOfInput() {
        endsWhenDrained = isStalled();
        if (!endsWhenDrained) {
            ended = true;
            link.inputEnded(this);
        }
    }

    /** Nothing of this direction waits in front of the sink any more. */
    void endSink() {
        try {
            sink.endOutput();
        } catch (IOException e) {
            link.broken(sink, e);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        link.gone(source);
    }

    /** With half-closure on, NIO leaves a channel open that the peer has reset, so the link must close it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Fault.escalateFatal(cause);
        link.broken(source, cause);
    }
}
