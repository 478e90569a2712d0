package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.DirectMemory;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.ReadBudget;
import io.github.wslproxy.relay.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a little of what a client sends while it waits for its target, and keeps it. Without a read NIO sees neither
 * the end nor the reset of a channel, so one that has left would wait on. An end alone is no leave: a client may end
 * its side and wait for the answer.
 */
final class Preread extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Preread.class);

    /**
     * From here on, or when memory is short, it is left in the kernel, and a leave is noticed when the wait is over.
     */
    private static final int ENOUGH = 16 * 1024;

    private final ReadBudget budget;
    private final DirectMemory memory;
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;
    private int charged;
    private boolean ended;

    Preread(EventLoops loops) {
        budget = loops.readBudget();
        memory = loops.memory();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf before = kept;
        kept = Unpooled.EMPTY_BUFFER;
        try {
            kept = copy(before, bytes, ctx.alloc());
        } finally {
            before.release();
            bytes.release();
        }
        charge(kept.capacity());
    }

    /** What the links of this event loop read into is not for waiting. */
    private ByteBuf copy(ByteBuf before, ByteBuf bytes, ByteBufAllocator pool) {
        int size = before.readableBytes() + bytes.readableBytes();
        ByteBuf copy = memory.forLink(pool, size);
        if (copy.writableBytes() < size) {
            copy.release(); // A spare one; there is no memory but the heap's for now.
            copy = Unpooled.buffer(size);
        }
        return copy.writeBytes(before).writeBytes(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!ended && kept.readableBytes() < ENOUGH && !budget.isUsedUp()) {
            ctx.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ended = ended || event instanceof ChannelInputShutdownEvent;
    }

    /** With half-closure on, NIO leaves a channel open that the peer has reset. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Fault.escalateFatal(cause);
        log.debug("{} left while it was waiting: {}", ctx.channel().remoteAddress(), SocketErrors.of(cause));
        ctx.close();
    }

    /** Hands over what was read; {@link #drop} does nothing afterwards. */
    Early take() {
        Early early = new Early(kept, ended);
        kept = Unpooled.EMPTY_BUFFER;
        charge(0);
        return early;
    }

    /** Throws away what was read. */
    void drop() {
        take().bytes().release();
    }

    private void charge(int bytes) {
        budget.stalled(bytes - charged);
        charged = bytes;
    }
}
