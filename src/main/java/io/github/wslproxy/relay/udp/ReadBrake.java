package io.github.wslproxy.relay.udp;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Stops a socket from taking a whole processor where it is ready to be read again and again and gives no datagram. That
 * has two causes, and the system does not say which. Strangers cause it: Linux reports a datagram whose checksum is
 * wrong and then drops it. A broken socket causes it, as one may be whose adapter has gone: it is ready for ever, and
 * each read fails.
 *
 * <p>So the socket rests for milliseconds, and only at a rate that hurts; datagrams wait in the system meanwhile. It is
 * closed only where its reads have failed through many rests and nothing is lost by it; a listener is then opened anew.
 *
 * <p>Goes in front: what a {@link UdpSocket} passes along the pipeline is for it alone.
 */
final class ReadBrake extends ChannelInboundHandlerAdapter {
    /** Reads in vain within {@link #WINDOW_NANOS} that are too many: 50,000 a second. */
    private static final int MOST_IN_VAIN = 500;

    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** A read that fails costs an exception, and hardly ever comes from outside. */
    private static final int WEIGHT_OF_FAILURE = 50;

    private static final int SHORTEST_REST_MILLIS = 4;
    private static final int LONGEST_REST_MILLIS = 64;
    private static final int MOST_RESTS = 85;

    private final BooleanSupplier mayBeClosed;
    private final LongSupplier nanoTime;
    private long windowBegan;
    private int inVain;
    private boolean failing;
    private int rests;
    private int restMillis = SHORTEST_REST_MILLIS;

    /** @param mayBeClosed whether nothing would be lost if the socket were closed and opened anew */
    ReadBrake(BooleanSupplier mayBeClosed) {
        this(mayBeClosed, System::nanoTime);
    }

    ReadBrake(BooleanSupplier mayBeClosed, LongSupplier nanoTime) {
        this.mayBeClosed = mayBeClosed;
        this.nanoTime = nanoTime;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inVain = 0;
        failing = false;
        rests = 0;
        restMillis = SHORTEST_REST_MILLIS;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        count(ctx, 1);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.fireExceptionCaught(cause);
        failing = true;
        count(ctx, WEIGHT_OF_FAILURE);
    }

    private void count(ChannelHandlerContext ctx, int weight) {
        if (inVain == 0) {
            windowBegan = nanoTime.getAsLong();
        }
        inVain += weight;
        if (inVain < MOST_IN_VAIN) {
            return;
        }
        inVain = 0;
        if (nanoTime.getAsLong() - windowBegan <= WINDOW_NANOS) {
            rest(ctx);
        }
    }

    private void rest(ChannelHandlerContext ctx) {
        if (failing && ++rests > MOST_RESTS && mayBeClosed.getAsBoolean()) {
            ctx.close();
            return;
        }
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), restMillis, TimeUnit.MILLISECONDS);
        if (failing) {
            restMillis = Math.min(2 * restMillis, LONGEST_REST_MILLIS);
        }
    }
}
