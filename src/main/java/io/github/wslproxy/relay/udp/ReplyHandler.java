package io.github.wslproxy.relay.udp;

import io.github.wslproxy.fault.Fault;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/** Takes what arrives at a session's socket: datagrams coming back, and errors. */
final class ReplyHandler extends ChannelInboundHandlerAdapter {
    private final UdpSession session;

    ReplyHandler(UdpSession session) {
        this.session = session;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        DatagramPacket datagram = (DatagramPacket) message;
        try {
            session.reply(datagram);
        } finally {
            datagram.release();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Fault.escalateFatal(cause);
        session.failed(cause);
    }
}
