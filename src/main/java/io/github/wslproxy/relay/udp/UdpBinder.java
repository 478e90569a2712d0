package io.github.wslproxy.relay.udp;

import io.github.wslproxy.relay.Listener;
import io.github.wslproxy.relay.Route;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;

/** Opens a listening socket together with the table of its sessions, which end with it. */
final class UdpBinder implements Listener.Binder {
    private final UdpRelay relay;
    private final Route route;
    private final DatagramSockets sockets;

    UdpBinder(UdpRelay relay, Route route, DatagramSockets sockets) {
        this.relay = relay;
        this.route = route;
        this.sockets = sockets;
    }

    @Override
    public ChannelFuture bind(EventLoop loop, InetSocketAddress local) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> sockets.forAddress(local.getAddress()))
                .handler(new ChannelInitializer<NioDatagramChannel>() {
                    @Override
                    protected void initChannel(NioDatagramChannel channel) {
                        receiveOn(channel);
                    }
                })
                .bind(local);
    }

    private void receiveOn(NioDatagramChannel channel) {
        Destination destination =
                new Destination(relay.source(), relay.context().loopGuard(), route.targetPort());
        UdpSessions sessions = new UdpSessions(relay, route, channel, destination, sockets);
        channel.pipeline().addLast(new ReadBrake(), sessions);
        // Not in channelInactive: whoever waits for the close may go on before that is called.
        channel.closeFuture().addListener(unused -> sessions.endAll(relay.closingReason()));
    }
}
