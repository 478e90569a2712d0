package io.github.wslproxy.relay.udp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.Binder;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.RelayContext;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** Opens a listening socket together with the table of its sessions, which end with it. */
final class UdpAcceptor implements Binder {
    private final RelayContext context;
    private final UdpClients clients;
    private final UdpSocketFactory sockets;

    UdpAcceptor(RelayContext context, UdpClients clients) {
        this.context = context;
        this.clients = clients;
        this.sockets = new UdpSocketFactory(context.loops(), context.loopGuard());
    }

    @Override
    public ChannelFuture bind(EventLoop loop, InetSocketAddress local, Supplier<ListenerConfig> config) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> sockets.forAddress(local.getAddress(), loop))
                .handler(new ChannelInitializer<UdpSocket>() {
                    @Override
                    protected void initChannel(UdpSocket socket) {
                        receiveOn(socket, config);
                    }
                })
                .bind(local);
    }

    private void receiveOn(UdpSocket socket, Supplier<ListenerConfig> config) {
        UdpTarget target = new UdpTarget(config, context.loopGuard(), context.localAddresses(), sockets);
        UdpSessions sessions = new UdpSessions(context, clients, socket, target, sockets);
        socket.handOverTo(sessions);
        socket.pipeline().addLast(new ReadBrake(sessions::isEmpty), sessions);
        clients.add(sessions);
        // Not in channelInactive: whoever waits for the close may go on before that is called.
        socket.closeFuture().addListener(unused -> Fault.escalating(() -> clients.remove(sessions)));
    }
}
