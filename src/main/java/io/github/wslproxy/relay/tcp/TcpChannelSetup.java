package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.EventLoops;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;

/** What the sockets of both sides have in common, whatever the forward: buffers and how they are read. */
final class TcpChannelSetup {
    /** One byte waiting makes a channel unwritable: see {@link PumpHandler}, one buffer in flight. */
    private static final WriteBufferWaterMark ONE_BUFFER = new WriteBufferWaterMark(1, 2);

    private final ByteBufAllocator allocator;
    private final ReadSizing readSizing;

    TcpChannelSetup(EventLoops loops) {
        allocator = loops.allocator();
        readSizing = new ReadSizing(loops);
    }

    /** Sets up a new channel. Netty has turned Nagle's algorithm (TCP_NODELAY) off by then. */
    void apply(SocketChannelConfig config) {
        config.setAutoRead(false)
                .setAllowHalfClosure(true)
                // A failed write closes only that direction: what the peer sent before is still to be read.
                .setAutoClose(false)
                .setAllocator(allocator)
                .setRecvByteBufAllocator(readSizing)
                .setWriteBufferWaterMark(ONE_BUFFER);
    }
}
