package io.github.wslproxy.status;

import io.github.wslproxy.os.Fault;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rests longer and longer while no client can be accepted: where no descriptor is left the listening socket is ready
 * all the time, and asking it again at once would keep a processor busy. A single failure is no reason to rest, as
 * Windows reports a client that has gone before it was accepted.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(AcceptFailures.class);
    private static final int AT_ONCE = 5;
    private static final long FIRST_REST_MILLIS = 10;
    private static final long LONGEST_REST_MILLIS = 1000;

    private int failures;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object client) {
        failures = 0;
        ctx.fireChannelRead(client);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Fault.escalateFatal(cause);
        failures++;
        if (failures <= AT_ONCE) {
            return;
        }
        log.debug("status address: cannot accept", cause);
        long rest = restMillis(failures - AT_ONCE);
        ChannelConfig config = ctx.channel().config();
        config.setAutoRead(false);
        ctx.executor().schedule(() -> config.setAutoRead(true), rest, TimeUnit.MILLISECONDS);
    }

    /** @param rests how many there are with this one, at least 1 */
    static long restMillis(int rests) {
        return Math.min(LONGEST_REST_MILLIS, FIRST_REST_MILLIS << Math.min(rests - 1, 10));
    }
}
