package io.github.wslproxy.relay.udp;

import io.github.wslproxy.relay.RelayLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;

/**
 * How the sockets of this room are set up. All are unconnected: a connected NIO channel never sends an empty datagram
 * (measured with Netty 4.2.20), and the JDK lets Windows report ICMP errors on connected ones only.
 */
final class DatagramSockets {
    /** What the kernel keeps while the event loop is busy; it may grant less. */
    private static final int KERNEL_BUFFER = 1 << 20;

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(0);

    private final RelayLoops loops;

    DatagramSockets(RelayLoops loops) {
        this.loops = loops;
    }

    /**
     * A socket for {@code address}, of its family: the JDK's own choice is dual-stack and turns {@code 0.0.0.0} into
     * {@code ::}.
     *
     * @param loop that it is going to be registered with
     * @throws ChannelException if the system has none left
     */
    RelaySocket forAddress(InetAddress address, EventLoop loop) {
        boolean v4 = address instanceof Inet4Address;
        ProtocolFamily family = v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        return setUp(new RelaySocket(family, loops.datagramBuffer(loop)));
    }

    /**
     * A socket that sends to both families.
     *
     * @param loop that it is going to be registered with
     * @throws ChannelException if the system has none left
     */
    RelaySocket dualStack(EventLoop loop) {
        return setUp(new RelaySocket(null, loops.datagramBuffer(loop)));
    }

    private static RelaySocket setUp(RelaySocket socket) {
        try {
            socket.javaChannel()
                    .setOption(StandardSocketOptions.SO_RCVBUF, KERNEL_BUFFER)
                    .setOption(StandardSocketOptions.SO_SNDBUF, KERNEL_BUFFER);
        } catch (IOException tooMuchForThisSystem) {
            // Its own sizes serve as well, only bursts less.
        }
        return socket;
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
