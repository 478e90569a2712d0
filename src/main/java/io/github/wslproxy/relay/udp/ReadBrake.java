package io.github.wslproxy.relay.udp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;

/**
 * Stops a socket that is ready to be read for ever and never gives a datagram, as one may be whose adapter has gone: it
 * would take a whole processor, and a line of the log for each try. Rests after some tries in vain, and closes the socket
 * when that does not help; a listener is then opened anew, and a client gets a new session. Goes in front: what a
 * {@link RelaySocket} passes along the pipeline is for it alone.
 */
final class ReadBrake extends ChannelInboundHandlerAdapter {
    private static final int TRIES = 100;
    private static final int RESTS = 5;
    private static final int REST_SECONDS = 1;

    private int inVain;
    private int rests;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inVain = 0;
        rests = 0;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (++inVain > TRIES) {
            rest(ctx);
        }
    }

    private void rest(ChannelHandlerContext ctx) {
        inVain = 0;
        if (++rests > RESTS) {
            ctx.close();
            return;
        }
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), REST_SECONDS, TimeUnit.SECONDS);
    }
}
