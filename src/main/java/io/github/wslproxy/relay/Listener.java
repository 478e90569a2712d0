package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.BindAddress.Spot;
import io.github.wslproxy.relay.ListenerState.AtRest;
import io.github.wslproxy.relay.ListenerState.Binding;
import io.github.wslproxy.relay.ListenerState.Closed;
import io.github.wslproxy.relay.ListenerState.Failed;
import io.github.wslproxy.relay.ListenerState.Listening;
import io.github.wslproxy.relay.ListenerState.New;
import io.github.wslproxy.relay.ListenerState.Releasing;
import io.github.wslproxy.relay.ListenerState.Stopped;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Keeps one socket listening where it belongs: opens it, opens it again with back-off when that fails or when it is
 * lost and anew when its address has moved or has been away, and keeps it closed where it must not or cannot listen.
 * Its public methods may be called from any thread; everything else happens on its event loop.
 */
public final class Listener {
    private static final int[] BACK_OFF_SECONDS = {1, 2, 5, 10};

    /** A socket that is lost sooner has not worked: it is opened with back-off, and not said each time. */
    private static final long STEADY = TimeUnit.SECONDS.toNanos(10);

    private final RelayContext context;
    private final Protocol protocol;
    private final Binder binder;
    private final ListenerReport report;
    private final EventLoop loop;
    private final CompletableFuture<Void> firstTry = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile ListenerConfig config;
    private ListenerState state = new New();
    private int failures;

    /** Opens nothing yet. */
    public Listener(RelayContext context, Protocol protocol, ListenerConfig config, Binder binder) {
        this.context = context;
        this.protocol = protocol;
        this.config = config;
        this.binder = binder;
        this.loop = context.loops().group().next();
        this.report = new ListenerReport(context, protocol, () -> this.config);
    }

    /** Opens it. Completes, never exceptionally, when that has been tried once. */
    public CompletionStage<Void> open() {
        onLoop(this::tryToOpen);
        return firstTry;
    }

    /**
     * Closes, moves or opens it where a change of the target, of WSL or of the adapters asks for that.
     *
     * @param next what it is for from now on, at its own address and listen port; its socket stays
     */
    public void take(ListenerConfig next) {
        config = next;
        onLoop(this::follow);
    }

    /** Closes it for good. Completes when the socket is closed. */
    public CompletionStage<Void> close() {
        try {
            onLoop(this::stop);
        } catch (RejectedExecutionException loopsHaveEnded) {
            closed.complete(null);
        }
        return closed;
    }

    public ListenerStatus status() {
        return report.status();
    }

    private BindAddress place() {
        return new BindAddress(context, config);
    }

    private void onLoop(Runnable step) {
        loop.execute(() -> guarded(step));
    }

    /** A step that fails would leave it half open, and Netty keeps that to itself: it is opened anew, with back-off. */
    private void guarded(Runnable step) {
        Fault.contain(step, this::startAnew);
    }

    private void startAnew(Throwable failure) {
        if (state instanceof Listening open) {
            leave(open);
            open.channel().close();
        }
        failed("unexpected: " + Fault.line(failure), Spot.NONE);
    }

    private void follow() {
        if (state instanceof Listening open) {
            Optional<String> closedBecause = place().closedBecause();
            if (closedBecause.isPresent()) {
                stayClosed(closedBecause.get());
                release(open, new Closed());
            } else {
                stayOrMove(open);
            }
        } else if (state instanceof Closed || (state instanceof Failed failed && isOver(failed))) {
            tryToOpen();
        }
    }

    /** Whether a place that failed is to be looked at before its time. */
    private boolean isOver(Failed failed) {
        BindAddress place = place();
        // A name may stand for another address now.
        return place.closedBecause().isPresent()
                || place.isName()
                || !failed.tried().equals(place.spot(null));
    }

    /**
     * A socket whose address goes away stays open, and on Windows hears nothing any more even when the address is back.
     */
    private void stayOrMove(Listening open) {
        Spot now = place().spot(open.spot().address());
        if (now.equals(open.spot())) {
            return;
        }
        if (now.isGone() && config.mapping().host() instanceof Host.Address) {
            report.listensNoLonger(BindAddress.NO_SUCH_ADDRESS + "; listens again when one has");
            release(open, new Failed(now, null));
        } else {
            report.isOpenedAnew();
            release(open, new Closed());
        }
    }

    private void tryToOpen() {
        if (!(state instanceof AtRest rest)) {
            return;
        }
        rest.cancelRetry();
        Optional<String> closedBecause = place().closedBecause();
        if (closedBecause.isPresent()) {
            state = new Closed();
            stayClosed(closedBecause.get());
            return;
        }
        state = new Binding();
        if (place().isName()) {
            context.loops().lookups().execute(this::lookUp);
        } else {
            bind(place().spot(null));
        }
    }

    private void lookUp() {
        try {
            Spot spot = place().lookUp();
            onLoop(() -> bind(spot));
        } catch (UnknownHostException e) {
            onLoop(() -> failed(String.valueOf(e.getMessage()), Spot.NONE));
        }
    }

    private void bind(Spot spot) {
        if (state instanceof Stopped) {
            closed.complete(null);
            return;
        }
        if (spot.equals(Spot.NONE)) { // WSL has gone just now.
            state = new Closed();
            follow();
            return;
        }
        InetSocketAddress local =
                new InetSocketAddress(spot.address(), config.mapping().listenPort());
        Cap listeners = context.limits().listeners();
        if (!listeners.take()) {
            failed(
                    "the other descriptors of this process are kept for connections: listeners may take "
                            + listeners.max() + " (to allow more: ulimit -n)",
                    spot);
            return;
        }
        binder.bind(loop, local, () -> config)
                .addListener((ChannelFuture bound) -> guarded(() -> {
                    if (bound.isSuccess()) {
                        bound.channel().closeFuture().addListener(unused -> listeners.giveBack());
                        opened(bound.channel(), spot);
                    } else {
                        listeners.giveBack();
                        failed(BindAddress.explain(bound.cause(), local, context.localAddresses()), spot);
                    }
                }));
    }

    private void opened(Channel channel, Spot spot) {
        if (state instanceof Stopped) {
            channel.close().addListener(unused -> afterRelease());
            return;
        }
        InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
        LoopGuard.WaitingClients waiting = (atRest, then) -> binder.afterAccepting(channel, atRest, then);
        LoopGuard.Registration registration = context.loopGuard().add(protocol, bound, () -> config.target(), waiting);
        // Before all that may fail: whoever starts anew finds what to close.
        state = new Listening(channel, spot, System.nanoTime(), registration);
        report.listens(bound);
        channel.closeFuture().addListener(unused -> guarded(() -> lost(channel)));
        firstTry.complete(null);
        follow();
    }

    private void failed(String error, Spot tried) {
        if (state instanceof Stopped) {
            closed.complete(null);
            return;
        }
        if (state instanceof AtRest rest) {
            rest.cancelRetry();
        }
        report.cannotListen(error, failures == 0);
        int seconds = BACK_OFF_SECONDS[Math.min(failures, BACK_OFF_SECONDS.length - 1)];
        failures++;
        state = new Failed(tried, loop.schedule(() -> guarded(this::tryToOpen), seconds, TimeUnit.SECONDS));
        firstTry.complete(null);
    }

    /** A listener never closes by itself; something outside did it, such as an adapter that went away. */
    private void lost(Channel channel) {
        if (state instanceof Listening open && open.channel().equals(channel)) {
            leave(open);
            failed("the socket was closed by the system", open.spot());
        }
    }

    private void stayClosed(String reason) {
        report.staysClosed(reason);
        failures = 0;
        firstTry.complete(null);
    }

    private void stop() {
        ListenerState before = state;
        state = new Stopped();
        report.stopped();
        firstTry.complete(null);
        if (before instanceof Listening open) {
            release(open, state);
        } else if (before instanceof AtRest rest) {
            rest.cancelRetry();
            closed.complete(null);
        }
    }

    private void release(Listening open, ListenerState next) {
        leave(open);
        state = new Releasing(next);
        open.channel().close().addListener(unused -> afterRelease());
    }

    /**
     * The JDK gives a registered socket back to the system at its selector's next round, which comes before the loop's
     * next timers: only then can somebody else bind the port.
     */
    private void afterRelease() {
        loop.schedule(() -> guarded(this::released), 0, TimeUnit.MILLISECONDS);
    }

    private void released() {
        if (state instanceof Releasing releasing) {
            state = releasing.next();
        }
        if (state instanceof Stopped) {
            closed.complete(null);
        } else {
            follow();
        }
    }

    private void leave(Listening open) {
        open.registration().remove();
        if (System.nanoTime() - open.since() >= STEADY) {
            failures = 0;
        }
    }
}
