package io.github.wslproxy.relay.udp;

import io.github.wslproxy.relay.DirectMemory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts the datagram that the kernel did not take at once and that waits in its channel, with the whole buffer it is in. */
final class Unsent extends ChannelInboundHandlerAdapter {
    private final DirectMemory memory;
    private int bytes;

    Unsent(DirectMemory memory) {
        this.memory = memory;
    }

    /**
     * To be called on the channel's event loop.
     *
     * @param buffer the bytes that cannot be given back meanwhile
     */
    void waits(int buffer) {
        memory.unsent(buffer - bytes);
        bytes = buffer;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (bytes > 0 && ctx.channel().isWritable()) {
            waits(0);
        }
        ctx.fireChannelWritabilityChanged();
    }

    /** Also when the channel is closed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        waits(0);
    }
}
