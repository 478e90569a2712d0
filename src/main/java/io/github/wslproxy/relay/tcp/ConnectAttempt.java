package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.LoopGuard;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connect, to one address. Lives on the event loop of its socket. */
final class ConnectAttempt implements SocketEvents {
    private static final InetAddress ANY_4 = IpLiteral.of("0.0.0.0");
    private static final InetAddress ANY_6 = IpLiteral.of("::");

    private final TcpSocket target;
    private final InetSocketAddress address;
    private final @Nullable LoopGuard mayComeBack;
    private final boolean onLocalhost;
    private final WhenEnded whenEnded;
    private @Nullable Future<?> timeout;
    private boolean over;

    /** Who wants to connect. */
    interface WhenEnded {
        /**
         * Called once, on the event loop.
         *
         * @param target belongs to the receiver of this
         * @param failure null if it is connected
         */
        void ended(TcpSocket target, @Nullable Throwable failure);
    }

    /**
     * Does nothing yet.
     *
     * @param mayComeBack knows the listeners of this process, one of which may accept the connection; null: none will
     * @param onLocalhost whether the connection is to come from the address it goes to
     */
    ConnectAttempt(
            TcpSocket target,
            InetSocketAddress address,
            @Nullable LoopGuard mayComeBack,
            boolean onLocalhost,
            WhenEnded whenEnded) {
        this.target = target;
        this.address = address;
        this.mayComeBack = mayComeBack;
        this.onLocalhost = onLocalhost;
        this.whenEnded = whenEnded;
    }

    /** Begins to connect; it may be over when this returns. */
    void begin(Duration limit) {
        target.handleBy(this);
        boolean isConnected;
        try {
            target.register();
            if (mayComeBack != null) {
                watchForComingBack(mayComeBack);
            }
            isConnected = target.connect(address);
        } catch (IOException | RuntimeException e) {
            over(e);
            return;
        }
        if (isConnected) {
            over(null);
            return;
        }
        timeout = target.eventLoop().schedule(() -> timedOut(limit), limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Binds before the connect, as a listener on another event loop may accept before this one goes on. */
    private void watchForComingBack(LoopGuard loopGuard) throws IOException {
        InetAddress any = address.getAddress() instanceof Inet4Address ? ANY_4 : ANY_6;
        InetAddress local = onLocalhost ? address.getAddress() : any;
        target.bind(new InetSocketAddress(local, 0));
        InetSocketAddress from =
                new InetSocketAddress(local, target.localAddress().getPort());
        LoopGuard.Registration registration =
                loopGuard.connecting(from, () -> target.eventLoop().execute(target::cameBack));
        // A listener of ours may accept it later than it is closed, and would take it for a client.
        target.onClose(() -> Fault.contain(
                () -> loopGuard.afterAccepting(address, registration::remove),
                loopsHaveEnded -> registration.remove()));
    }

    private void timedOut(Duration limit) {
        over(new ConnectTimeoutException("connection timed out after " + limit.toMillis() + " ms"));
    }

    /** Gives up; it ends as failed unless it has ended. */
    void reset() {
        target.reset();
    }

    @Override
    public void connectable() {
        try {
            if (target.finishConnect()) {
                over(null);
            }
        } catch (IOException e) {
            over(e);
        }
    }

    @Override
    public void closed() {
        over(new ClosedChannelException());
    }

    @Override
    public void failed(Throwable failure) {
        over(failure);
    }

    private void over(@Nullable Throwable failure) {
        if (over) {
            return;
        }
        over = true;
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (mayComeBack == null) {
            whenEnded.ended(target, failure);
            return;
        }
        Runnable end = () -> target.eventLoop().execute(() -> whenEnded.ended(target, failure));
        if (failure == null) {
            mayComeBack.afterAccepting(address, end);
        } else {
            // Whoever has accepted and reset it has told this loop before.
            end.run();
        }
    }
}
