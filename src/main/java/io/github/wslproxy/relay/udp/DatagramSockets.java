package io.github.wslproxy.relay.udp;

import io.github.wslproxy.relay.DirectMemory;
import io.github.wslproxy.relay.RelayLoops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * How the sockets of this room are set up. All are unconnected: a connected NIO channel never sends an empty datagram
 * (measured with Netty 4.2.20), and the JDK lets Windows report ICMP errors on connected ones only.
 */
final class DatagramSockets {
    /** Each waits in a buffer of its own for the one before: as Netty has it by default. */
    private static final int READ_AT_ONCE = 16;

    /** What the kernel keeps while the event loop is busy; it may grant less. */
    private static final int KERNEL_BUFFER = 1 << 20;

    /** A datagram that the kernel does not take at once waits; with one waiting the channel is not writable. */
    private static final WriteBufferWaterMark ONE_DATAGRAM = new WriteBufferWaterMark(1, 2);

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(0);

    private final ByteBufAllocator allocator;
    private final RecvByteBufAllocator readSizing;

    DatagramSockets(RelayLoops loops) {
        allocator = loops.allocator();
        readSizing = readSizing(loops.memory());
    }

    /**
     * A socket for {@code address}, of its family: the JDK's own choice is dual-stack and turns {@code 0.0.0.0} into
     * {@code ::}.
     *
     * @throws ChannelException if the system has none left
     */
    NioDatagramChannel forAddress(InetAddress address) {
        boolean v4 = address instanceof Inet4Address;
        return setUp(new NioDatagramChannel(v4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6));
    }

    /**
     * A socket that sends to both families.
     *
     * @throws ChannelException if the system has none left
     */
    NioDatagramChannel dualStack() {
        return setUp(new NioDatagramChannel());
    }

    /** A listener without a buffer would be closed by Netty, and all sessions with it. */
    private static RecvByteBufAllocator readSizing(DirectMemory memory) {
        // Netty's 2,048 bytes cut the rest of a datagram off silently.
        FixedRecvByteBufAllocator fixed = new FixedRecvByteBufAllocator(DirectMemory.LARGEST_DATAGRAM);
        fixed.maxMessagesPerRead(READ_AT_ONCE);
        return new RecvByteBufAllocator() {
            @Override
            @SuppressWarnings("deprecation") // The newer ExtendedHandle is not what the interface asks for.
            public Handle newHandle() {
                return new DelegatingHandle(fixed.newHandle()) {
                    @Override
                    public ByteBuf allocate(ByteBufAllocator allocator) {
                        return memory.forDatagram(allocator);
                    }

                    @Override
                    public boolean continueReading() {
                        return !memory.wasDenied() && super.continueReading();
                    }
                };
            }
        };
    }

    private NioDatagramChannel setUp(NioDatagramChannel channel) {
        channel.config()
                .setAllocator(allocator)
                .setRecvByteBufAllocator(readSizing)
                .setWriteBufferWaterMark(ONE_DATAGRAM);
        try {
            channel.config().setReceiveBufferSize(KERNEL_BUFFER).setSendBufferSize(KERNEL_BUFFER);
        } catch (ChannelException tooMuchForThisSystem) {
            // Its own sizes serve as well, only bursts less.
        }
        return channel;
    }

    /**
     * Opens {@code channel} on a port of the system's choice; it is closed again if that fails. Called on {@code loop},
     * so that it has happened when this returns: {@link io.netty.bootstrap.Bootstrap#bind} would put it off.
     */
    static ChannelFuture open(EventLoop loop, Channel channel) {
        loop.register(channel);
        return channel.bind(ANY_PORT).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
}
