package io.github.wslproxy.relay.udp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.Binder;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** Opens a listening socket together with the table of its sessions, which end with it. */
final class UdpBinder implements Binder {
    private final UdpRelay relay;
    private final UdpSocketOptions sockets;

    UdpBinder(UdpRelay relay, UdpSocketOptions sockets) {
        this.relay = relay;
        this.sockets = sockets;
    }

    @Override
    public ChannelFuture bind(EventLoop loop, InetSocketAddress local, Supplier<ListenerConfig> duty) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> sockets.forAddress(local.getAddress(), loop))
                .handler(new ChannelInitializer<UdpSocket>() {
                    @Override
                    protected void initChannel(UdpSocket channel) {
                        receiveOn(channel, duty);
                    }
                })
                .bind(local);
    }

    private void receiveOn(UdpSocket channel, Supplier<ListenerConfig> duty) {
        UdpTarget destination =
                new UdpTarget(duty, relay.context().loopGuard(), relay.context().localAddresses(), sockets);
        UdpSessions sessions = new UdpSessions(relay, channel, destination, sockets);
        channel.handOverTo(sessions);
        channel.pipeline().addLast(new ReadBrake(sessions::isEmpty), sessions);
        // Not in channelInactive: whoever waits for the close may go on before that is called.
        relay.tables().add(sessions);
        channel.closeFuture()
                .addListener(unused -> Fault.escalating(() -> {
                    relay.tables().remove(sessions);
                    sessions.endAll(relay.closingReason());
                }));
    }
}
