package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
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
import org.jspecify.annotations.Nullable;

/**
 * Keeps one socket listening: opens it, opens it again with back-off when that fails or when it is lost, and keeps it
 * closed while WSL itself is on the LAN at the same port. Its public methods may be called from any thread; everything
 * else happens on its event loop.
 */
public final class Listener {
    private static final int[] BACK_OFF_SECONDS = {1, 2, 5, 10};

    private final RelayContext context;
    private final Forward forward;
    private final Protocol protocol;
    private final Route route;
    private final TargetSource source;
    private final Binder binder;
    private final EventLoop loop;
    private final CompletableFuture<Void> firstTry = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private volatile ListenerStatus status;
    private boolean closing;
    private boolean busy;
    private int failures;
    private String owner = "";
    private @Nullable Channel channel;
    private LoopGuard.@Nullable Registration registration;
    private @Nullable ScheduledFuture<?> retry;

    /** Opens a socket whose channel lives on {@code loop}. */
    public interface Binder {
        /** Binds to {@code local}, whose address is a wildcard or should be one of this computer. */
        ChannelFuture bind(EventLoop loop, InetSocketAddress local);
    }

    /** Opens nothing yet. */
    public Listener(
            RelayContext context, Forward forward, Protocol protocol, Route route, TargetSource source, Binder binder) {
        this.context = context;
        this.forward = forward;
        this.protocol = protocol;
        this.route = route;
        this.source = source;
        this.binder = binder;
        this.loop = context.loops().group().next();
        this.status = new ListenerStatus.Waiting(route.where(), "not opened yet");
    }

    /** Opens it. Completes, never exceptionally, when that has been tried once. */
    public CompletionStage<Void> open() {
        loop.execute(this::tryToOpen);
        return firstTry;
    }

    /** Closes or opens it where a changed target asks for that. */
    public void reconsider() {
        loop.execute(() -> {
            if (closing) {
                return;
            }
            if (parkedBecause().isPresent()) {
                park();
            } else if (status instanceof ListenerStatus.Waiting) {
                tryToOpen();
            }
        });
    }

    /** Closes it for good. Completes when the socket is closed. */
    public CompletionStage<Void> close() {
        try {
            loop.execute(this::closeForGood);
        } catch (RejectedExecutionException loopsHaveEnded) {
            closed.complete(null);
        }
        return closed;
    }

    public Route route() {
        return route;
    }

    public ListenerStatus status() {
        return status;
    }

    private void tryToOpen() {
        if (closing || busy || channel != null) {
            return;
        }
        cancelRetry();
        Optional<String> parked = parkedBecause();
        if (parked.isPresent()) {
            stayClosed(parked.get());
            return;
        }
        busy = true;
        if (route.host() instanceof Host.Name name) {
            context.loops().lookups().execute(() -> lookUp(name));
        } else {
            bind(literal(route.host()));
        }
    }

    private static @Nullable InetAddress literal(Host host) {
        return host instanceof Host.Address address ? address.value() : null;
    }

    private void lookUp(Host.Name name) {
        try {
            InetAddress preferred =
                    Host.Name.inOrder(InetAddress.getAllByName(name.value())).get(0);
            loop.execute(() -> bind(preferred));
        } catch (UnknownHostException e) {
            loop.execute(() -> failed("the name " + name + " is not known"));
        }
    }

    /** @param address null for every address of both families */
    private void bind(@Nullable InetAddress address) {
        InetSocketAddress local = new InetSocketAddress(address, route.listenPort());
        binder.bind(loop, local).addListener((ChannelFuture bound) -> {
            if (bound.isSuccess()) {
                opened(bound.channel());
            } else {
                failed(BindFailure.explain(bound.cause(), local.getAddress(), context.localAddresses()));
            }
        });
    }

    private void opened(Channel opened) {
        busy = false;
        Optional<String> parked = parkedBecause();
        if (parked.isPresent() && !closing) {
            opened.close();
            stayClosed(parked.get());
            return;
        }
        if (closing) {
            opened.close().addListener(unused -> completeClosed());
            return;
        }
        InetSocketAddress bound = (InetSocketAddress) opened.localAddress();
        channel = opened;
        registration = context.loopGuard().add(protocol, bound, this::leadsTo);
        status = new ListenerStatus.Listening(route.where(), bound);
        if (failures > 0) {
            context.listenerLog().info("forward \"{}\" now listens on {} {}", forward.name(), protocol, route.where());
        }
        failures = 0;
        owner = "";
        opened.closeFuture().addListener(unused -> lost(opened));
        firstTry.complete(null);
    }

    private Optional<InetSocketAddress> leadsTo() {
        return source.current().address().map(address -> new InetSocketAddress(address, route.targetPort()));
    }

    private void failed(String error) {
        busy = false;
        if (closing) {
            closed.complete(null);
            return;
        }
        if (failures == 0) {
            context.listenerLog()
                    .warn(
                            "forward \"{}\" cannot listen on {} {}: {}; trying again",
                            forward.name(),
                            protocol,
                            route.where(),
                            error);
            context.loops().owners().execute(() -> askForOwner(error));
        }
        status = new ListenerStatus.Failed(route.where(), error + owner);
        int seconds = BACK_OFF_SECONDS[Math.min(failures, BACK_OFF_SECONDS.length - 1)];
        failures++;
        retry = loop.schedule(this::tryToOpen, seconds, TimeUnit.SECONDS);
        firstTry.complete(null);
    }

    /** On a thread that may block, since asking who holds the port may. */
    private void askForOwner(String error) {
        Optional<String> found = context.portOwner().describe(protocol, route.listenPort());
        found.ifPresent(who -> loop.execute(() -> {
            owner = "; " + who;
            if (status instanceof ListenerStatus.Failed failed && failed.error().equals(error)) {
                status = new ListenerStatus.Failed(route.where(), error + owner);
            }
        }));
        found.ifPresent(who ->
                context.listenerLog().warn("forward \"{}\" {} {}: {}", forward.name(), protocol, route.where(), who));
    }

    /** A listener never closes by itself; something outside did it, such as an adapter that went away. */
    private void lost(Channel lost) {
        if (channel != lost) {
            return;
        }
        forget();
        failed("the socket was closed by the system");
    }

    private void park() {
        Channel open = channel;
        forget();
        if (open != null) {
            open.close();
        }
        parkedBecause().ifPresent(this::stayClosed);
    }

    private void stayClosed(String reason) {
        if (!(status instanceof ListenerStatus.Waiting waiting)
                || !waiting.reason().equals(reason)) {
            context.listenerLog()
                    .info(
                            "forward \"{}\" does not listen on {} {}: {}",
                            forward.name(),
                            protocol,
                            route.where(),
                            reason);
        }
        status = new ListenerStatus.Waiting(route.where(), reason);
        firstTry.complete(null);
    }

    /** Where WSL shares the addresses of Windows, a listener here would take the port away from the guest. */
    private Optional<String> parkedBecause() {
        boolean samePortInWsl = forward.target().host() instanceof Host.Wsl && route.listenPort() == route.targetPort();
        if (samePortInWsl && source.current() instanceof TargetState.OnLan onLan) {
            return Optional.of("not needed: in " + onLan.mode() + " mode WSL's ports are on the LAN already");
        }
        return Optional.empty();
    }

    private void closeForGood() {
        if (closing) {
            return;
        }
        closing = true;
        cancelRetry();
        Channel open = channel;
        forget();
        status = new ListenerStatus.Waiting(route.where(), "stopped");
        firstTry.complete(null);
        if (open != null) {
            open.close().addListener(unused -> completeClosed());
        } else if (!busy) {
            closed.complete(null);
        }
    }

    /**
     * The JDK gives a registered socket back to the system at its selector's next round, which comes before the loop's
     * next timers: only then can somebody else bind the port.
     */
    private void completeClosed() {
        loop.schedule(() -> closed.complete(null), 0, TimeUnit.MILLISECONDS);
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel(false);
        }
    }

    private void forget() {
        channel = null;
        if (registration != null) {
            registration.remove();
            registration = null;
        }
    }
}
