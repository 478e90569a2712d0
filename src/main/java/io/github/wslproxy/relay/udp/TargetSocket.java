package io.github.wslproxy.relay.udp;

import io.github.wslproxy.os.Fault;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The socket of one session towards the target. It is another one when the target has moved to where another address of
 * this computer leads. Belongs to one event loop.
 */
final class TargetSocket {
    private final UdpTarget target;
    private final UdpSocketFactory sockets;
    private final EventLoop loop;
    private final Owner owner;
    private @Nullable UdpSocket socket;
    private UdpTarget.@Nullable Source boundTo;
    private @Nullable InetSocketAddress connectedTo;

    /** Hears what comes back. */
    interface Owner extends UdpSocket.Receiver {
        /** The system reports that a datagram did not get there. */
        void failed(Throwable cause);

        void closedBySystem();
    }

    /** Opens nothing yet. */
    TargetSocket(UdpTarget target, UdpSocketFactory sockets, EventLoop loop, Owner owner) {
        this.target = target;
        this.sockets = sockets;
        this.loop = loop;
        this.owner = owner;
    }

    /**
     * The socket to send to {@code where} from, which {@link UdpTarget#current} has just returned.
     *
     * @throws IOException if the system has none left, or no such address any more
     */
    @SuppressWarnings("ReferenceEquality") // Asked for each datagram: equals() only where it is another object.
    UdpSocket towards(InetSocketAddress where) throws IOException {
        UdpTarget.Source source = Objects.requireNonNull(target.source());
        boolean fits = source == boundTo || source.equals(boundTo);
        if (socket == null || !fits || (connectedTo != null && !connectedTo.equals(where))) {
            UdpSocket opened = open(source.address(), where);
            UdpSocket before = socket;
            socket = opened;
            boundTo = source;
            if (before != null) {
                before.close();
            }
        }
        return socket;
    }

    /** A connected socket hears of ICMP errors, which is only of use where there is another address to turn to. */
    private UdpSocket open(InetAddress source, InetSocketAddress where) throws IOException {
        UdpSocket opened = sockets.from(source, loop);
        try {
            if (target.isOneOfSeveral()) {
                opened.javaChannel().connect(where);
                connectedTo = where;
            } else {
                connectedTo = null;
            }
        } catch (IOException e) {
            opened.javaChannel().close();
            throw e;
        }
        opened.handOverTo(owner);
        opened.pipeline().addLast(new ReadBrake(() -> false), new ChannelInboundHandlerAdapter() {
            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                Fault.escalateFatal(cause);
                owner.failed(cause);
            }
        });
        opened.closeFuture().addListener(unused -> Fault.escalating(() -> closed(opened)));
        loop.register(opened);
        return opened;
    }

    private void closed(UdpSocket which) {
        if (which.equals(socket)) {
            owner.closedBySystem();
        }
    }

    /** The address of the target that it is connected to; null if it has no other to turn to. */
    @Nullable
    InetSocketAddress connectedTo() {
        return connectedTo;
    }

    void close() {
        if (socket != null) {
            socket.close();
        }
    }
}
