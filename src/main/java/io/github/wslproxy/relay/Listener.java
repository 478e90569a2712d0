package io.github.wslproxy.relay;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one socket listening where it belongs: opens it, opens it again with back-off when that fails or when it is
 * lost and anew when its address has moved or has been away, and keeps it closed where it must not or cannot listen.
 * Its public methods may be called from any thread; everything else happens on its event loop.
 */
public final class Listener {
    private static final int[] BACK_OFF_SECONDS = {1, 2, 5, 10};

    /** What is lost sooner than that has not worked: it is opened with back-off, and not said each time. */
    private static final long STEADY = TimeUnit.SECONDS.toNanos(10);

    private final RelayContext context;
    private final Protocol protocol;
    private final ListenerNews news;
    private final Binder binder;
    private final EventLoop loop;
    private final CompletableFuture<Void> firstTry = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile ListenerConfig duty;
    private volatile ListenerStatus status;
    private BindAddress place;
    private boolean closing;
    private boolean busy;
    private int failures;
    private long openedAt;
    private BindAddress.Spot tried = BindAddress.Spot.NONE;
    private String owner = "";
    private @Nullable Channel channel;
    private LoopGuard.@Nullable Registration registration;
    private @Nullable ScheduledFuture<?> retry;

    /** Opens a socket whose channel lives on {@code loop}. */
    public interface Binder {
        /**
         * Binds to {@code local}, whose address is a wildcard or should be one of this computer.
         *
         * @param duty what the socket is for, at any later time
         */
        ChannelFuture bind(EventLoop loop, InetSocketAddress local, Supplier<ListenerConfig> duty);
    }

    /** Opens nothing yet. */
    public Listener(RelayContext context, Protocol protocol, ListenerConfig duty, Binder binder) {
        this.context = context;
        this.protocol = protocol;
        this.duty = duty;
        this.place = new BindAddress(context, duty);
        this.news = new ListenerNews(context.listenerLog(), protocol, () -> this.duty);
        this.binder = binder;
        this.loop = context.loops().group().next();
        this.status = new ListenerStatus.Waiting(duty.mapping().where(), "not opened yet");
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
        duty = next;
        onLoop(() -> {
            place = new BindAddress(context, next);
            follow();
        });
    }

    /** Closes it for good. Completes when the socket is closed. */
    public CompletionStage<Void> close() {
        try {
            onLoop(this::closeForGood);
        } catch (RejectedExecutionException loopsHaveEnded) {
            closed.complete(null);
        }
        return closed;
    }

    private PortMapping mapping() {
        return duty.mapping();
    }

    public ListenerStatus status() {
        return status;
    }

    private void onLoop(Runnable step) {
        loop.execute(() -> guarded(step));
    }

    /** A step that fails would leave it half open, and Netty keeps that to itself: it is opened anew, with back-off. */
    private void guarded(Runnable step) {
        Fault.contain(step, this::startAnew);
    }

    private void startAnew(Throwable failure) {
        Channel open = channel;
        forget();
        if (open != null) {
            open.close();
        }
        failed("unexpected: " + Fault.line(failure));
    }

    private void follow() {
        if (closing || busy) {
            return;
        }
        Optional<String> closedBecause = place.closedBecause();
        if (closedBecause.isPresent()) {
            stayClosed(closedBecause.get());
            letGo();
        } else if (channel != null) {
            stayOrMove();
        } else if (status instanceof ListenerStatus.Waiting || hasMoved()) {
            tryToOpen();
        }
    }

    /** Whether a place that failed is worth another try before its time: a name may stand for another address now. */
    private boolean hasMoved() {
        return mapping().host() instanceof Host.Name || !tried.equals(place.spot(null));
    }

    /**
     * A socket whose address goes away stays open, and on Windows hears nothing any more even when the address is back.
     */
    private void stayOrMove() {
        BindAddress.Spot now = place.spot(tried.address());
        if (now.equals(tried)) {
            return;
        }
        tried = now;
        if (now.isGone() && mapping().host() instanceof Host.Address) {
            gone();
        } else {
            status = new ListenerStatus.Waiting(mapping().where(), "is being opened anew");
        }
        letGo();
    }

    private void gone() {
        String error = BindFailure.NO_SUCH_ADDRESS + "; listens again when one has";
        news.listensNoLonger(error);
        status = new ListenerStatus.Failed(mapping().where(), error);
    }

    /** Closes it for now, and looks where it belongs once the port is free again. */
    private void letGo() {
        cancelRetry();
        Channel open = channel;
        forget();
        if (open == null) {
            return;
        }
        busy = true;
        open.close().addListener(unused -> afterRelease(this::released));
    }

    private void released() {
        busy = false;
        if (closing) {
            closed.complete(null);
        } else {
            follow();
        }
    }

    private void tryToOpen() {
        if (closing || busy || channel != null) {
            return;
        }
        cancelRetry();
        Optional<String> closedBecause = place.closedBecause();
        if (closedBecause.isPresent()) {
            stayClosed(closedBecause.get());
            return;
        }
        busy = true;
        if (mapping().host() instanceof Host.Name name) {
            context.loops().lookups().execute(() -> lookUp(name));
        } else {
            bind(place.spot(null));
        }
    }

    private void lookUp(Host.Name name) {
        try {
            InetAddress preferred =
                    Host.Name.inOrder(InetAddress.getAllByName(name.value())).get(0);
            onLoop(() -> bind(place.spot(preferred)));
        } catch (UnknownHostException e) {
            String error = name.isAwayAdapter()
                    ? "the adapter of " + name + " is not there; listens when it is"
                    : "the name " + name + " is not known";
            onLoop(() -> failed(error));
        } catch (RuntimeException e) {
            onLoop(() -> failed("the name " + name + " cannot be looked up: " + SocketErrors.of(e)));
        }
    }

    private void bind(BindAddress.Spot spot) {
        tried = spot;
        if (spot.equals(BindAddress.Spot.NONE)) {
            busy = false;
            follow();
            return;
        }
        InetSocketAddress local =
                new InetSocketAddress(spot.address(), mapping().listenPort());
        Cap listeners = context.totals().listeners();
        if (!listeners.take()) {
            failed("the other descriptors of this process are kept for connections: listeners may take "
                    + listeners.max() + " (to allow more: ulimit -n)");
            return;
        }
        binder.bind(loop, local, () -> duty)
                .addListener((ChannelFuture bound) -> guarded(() -> {
                    if (bound.isSuccess()) {
                        bound.channel().closeFuture().addListener(unused -> listeners.giveBack());
                        opened(bound.channel());
                    } else {
                        listeners.giveBack();
                        failed(BindFailure.explain(bound.cause(), local, context.localAddresses()));
                    }
                }));
    }

    private void opened(Channel opened) {
        channel = opened; // First, so that a step that fails finds what to close.
        busy = false;
        if (closing) {
            opened.close().addListener(unused -> afterRelease(() -> closed.complete(null)));
            return;
        }
        InetSocketAddress bound = (InetSocketAddress) opened.localAddress();
        openedAt = System.nanoTime();
        registration = context.loopGuard().add(protocol, bound, this::leadsTo);
        status = new ListenerStatus.Listening(mapping().where(), bound);
        news.listens(bound);
        owner = "";
        opened.closeFuture().addListener(unused -> guarded(() -> lost(opened)));
        firstTry.complete(null);
        follow();
    }

    private Optional<InetSocketAddress> leadsTo() {
        int port = mapping().targetPort();
        return duty.source().addresses(port).stream().findFirst().map(address -> new InetSocketAddress(address, port));
    }

    private void failed(String error) {
        busy = false;
        if (closing) {
            closed.complete(null);
            return;
        }
        if (failures == 0) {
            news.cannotListen(error);
            context.loops().owners().execute(() -> Fault.contain(() -> askForOwner(error), news::ownerNotKnown));
        }
        status = new ListenerStatus.Failed(mapping().where(), error + owner);
        int seconds = BACK_OFF_SECONDS[Math.min(failures, BACK_OFF_SECONDS.length - 1)];
        failures++;
        retry = loop.schedule(() -> guarded(this::tryToOpen), seconds, TimeUnit.SECONDS);
        firstTry.complete(null);
    }

    /** On a thread that may block, since asking who holds the port may. */
    private void askForOwner(String error) {
        Optional<String> found =
                context.portOwner().describe(protocol, mapping().listenPort());
        found.ifPresent(news::portIsHeld);
        found.ifPresent(who -> onLoop(() -> {
            // It may listen by now, or fail for another reason.
            if (status instanceof ListenerStatus.Failed failed && failed.error().equals(error)) {
                owner = "; " + who;
                status = new ListenerStatus.Failed(mapping().where(), error + owner);
            }
        }));
    }

    /** A listener never closes by itself; something outside did it, such as an adapter that went away. */
    private void lost(Channel lost) {
        if (channel != lost) {
            return;
        }
        forget();
        failed("the socket was closed by the system");
    }

    private void stayClosed(String reason) {
        news.staysClosed(reason);
        failures = 0;
        status = new ListenerStatus.Waiting(mapping().where(), reason);
        firstTry.complete(null);
    }

    private void closeForGood() {
        if (closing) {
            return;
        }
        closing = true;
        cancelRetry();
        Channel open = channel;
        forget();
        status = new ListenerStatus.Waiting(mapping().where(), "stopped");
        firstTry.complete(null);
        if (open != null) {
            open.close().addListener(unused -> afterRelease(() -> closed.complete(null)));
        } else if (!busy) {
            closed.complete(null);
        }
    }

    /**
     * The JDK gives a registered socket back to the system at its selector's next round, which comes before the loop's
     * next timers: only then can somebody else bind the port.
     */
    private void afterRelease(Runnable next) {
        loop.schedule(() -> guarded(next), 0, TimeUnit.MILLISECONDS);
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel(false);
        }
    }

    private void forget() {
        if (channel != null && System.nanoTime() - openedAt >= STEADY) {
            failures = 0;
        }
        channel = null;
        if (registration != null) {
            registration.remove();
            registration = null;
        }
    }
}
