package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.EventLoops;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** How the sockets of a link are set up, kept alive and reset. */
final class TcpSocketOptions {
    /** One byte waiting makes a channel unwritable: see {@link PumpHandler}, one buffer in flight. */
    private static final WriteBufferWaterMark ONE_BUFFER = new WriteBufferWaterMark(1, 2);

    /** Ask after a minute of silence, and give up after another: a VM that is gone says nothing. */
    private static final KeepAlive OF_TARGETS = new KeepAlive(60, 15, 4);

    /**
     * The options that this Java has, by name: JDK 17 on Windows has them from 17.0.10 on only, and a runtime without
     * the module jdk.net not at all.
     */
    private static final Map<String, ChannelOption<Integer>> SUPPORTED = supportedKeepAlive();

    private final ByteBufAllocator allocator;
    private final ReadSizing readSizing;

    TcpSocketOptions(EventLoops loops) {
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

    /**
     * For a link that lasts; four system calls on Linux, which most of the short ones can do without.
     *
     * @param reach how long a client that says nothing may be out of reach; zero leaves that to the system, which on
     *     Windows and Linux asks only after two hours
     */
    static void keepClientAlive(Channel client, Duration reach) {
        set(client, reach.isZero() ? Map.of() : KeepAlive.lasting(reach).options());
    }

    /** As for clients. A VM that is there answers at once. */
    static void keepTargetAlive(Channel target) {
        set(target, OF_TARGETS.options());
    }

    private static void set(Channel channel, Map<String, Integer> keepAlive) {
        try {
            channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
            keepAlive.forEach((name, value) -> {
                ChannelOption<Integer> option = SUPPORTED.get(name);
                if (option != null) {
                    channel.config().setOption(option, value);
                }
            });
        } catch (ChannelException closedMeanwhile) {
            // Its end is on its way.
        }
    }

    /** Closes it so that the peer sees a reset and not a clean end (SO_LINGER of zero). */
    static void reset(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException peerHasGone) {
            // Closing is all that is left then.
        }
        channel.close();
    }

    private static Map<String, ChannelOption<Integer>> supportedKeepAlive() {
        Map<String, ChannelOption<Integer>> found = new HashMap<>();
        try (var any = java.nio.channels.SocketChannel.open()) {
            for (SocketOption<?> option : any.supportedOptions()) {
                if (OF_TARGETS.options().containsKey(option.name())) {
                    found.put(option.name(), NioChannelOption.of(asInteger(option)));
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return Map.copyOf(found);
    }

    /** The three are documented as Integer in jdk.net.ExtendedSocketOptions. */
    @SuppressWarnings("unchecked")
    private static SocketOption<Integer> asInteger(SocketOption<?> option) {
        return (SocketOption<Integer>) option;
    }
}
