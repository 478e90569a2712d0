package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.TargetSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The listeners of one relay: they follow its forward as edits change it, its target, and the adapters of this
 * computer. A listener keeps its socket as long as its address and port are wanted. Safe for any thread.
 */
public final class Listeners {
    private final RelayContext context;
    private final Protocol protocol;
    private final Binder binder;
    private final Function<PortMapping, Stream<PortMapping>> sockets;
    private final AtomicReference<Runnable> subscription = new AtomicReference<>(() -> {});

    /**
     * Keys are {@link PortMapping#where}, which tells the link-local addresses of two adapters apart. The order is that
     * of the configuration. Guarded by this.
     */
    private Map<String, Listener> listeners = new LinkedHashMap<>();

    /** Completes when the sockets of listeners that are no longer wanted are closed. Guarded by this. */
    private CompletableFuture<Void> released = CompletableFuture.completedFuture(null);

    private volatile Forward forward;
    private volatile TargetSource source;
    private volatile boolean paused;
    private volatile boolean stopping;

    /**
     * Opens nothing yet.
     *
     * @param binder opens each socket
     * @param sockets what to bind for one entry of the configuration: as a rule a socket for the entry itself
     */
    public Listeners(
            RelayContext context,
            Protocol protocol,
            Forward forward,
            TargetSource source,
            Binder binder,
            Function<PortMapping, Stream<PortMapping>> sockets) {
        this.context = context;
        this.protocol = protocol;
        this.forward = forward;
        this.source = source;
        this.binder = binder;
        this.sockets = sockets;
        follow();
    }

    /**
     * Opens the listeners that are not open, and keeps them where they belong from now on.
     *
     * @param onChange told, after the listeners, of each change of the target and of this computer's adapters
     * @return completes, never exceptionally, when each listener has been tried once
     */
    public CompletionStage<Void> start(Runnable onChange) {
        Runnable unsubscribe = context.onChange(source, () -> {
            followAndOpen();
            onChange.run();
        });
        subscription.getAndSet(unsubscribe).run();
        return openAll();
    }

    private synchronized CompletionStage<Void> openAll() {
        follow();
        return Relay.allOf(listeners.values().stream().map(Listener::open));
    }

    private synchronized void followAndOpen() {
        follow().forEach(Listener::open);
    }

    /**
     * Listens for another forward from now on; {@link #start} opens what is new.
     *
     * @return completes, never exceptionally, when the addresses that are no longer wanted are free
     */
    public synchronized CompletionStage<Void> change(Forward next, TargetSource nextSource) {
        forward = next;
        source = nextSource;
        follow();
        return released;
    }

    /**
     * Closes what is no longer wanted, and tells each other listener what it is for now.
     *
     * @return those that were missing, not open yet
     */
    private synchronized List<Listener> follow() {
        List<Listener> added = new ArrayList<>();
        if (stopping) {
            return added;
        }
        Map<String, Listener> before = listeners;
        listeners = new LinkedHashMap<>();
        for (PortMapping mapping :
                PortMapping.of(forward).stream().flatMap(sockets).toList()) {
            ListenerConfig config = new ListenerConfig(forward, mapping, source);
            Listener known = before.remove(mapping.where());
            if (known != null) {
                known.take(config);
                listeners.put(mapping.where(), known);
            } else if (!listeners.containsKey(mapping.where())) {
                Listener listener = new Listener(context, protocol, config, binder);
                listeners.put(mapping.where(), listener);
                added.add(listener);
            }
        }
        List<CompletionStage<Void>> closing = new ArrayList<>(List.of(released));
        before.values().forEach(unwanted -> closing.add(unwanted.close()));
        released = Relay.allOf(closing.stream()).toCompletableFuture();
        return added;
    }

    /** Asks for new clients to be refused until {@link #resume}. The sockets stay: no other program takes the port. */
    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
    }

    public boolean isPaused() {
        return paused;
    }

    /**
     * Closes all for good; changes are still heard, until {@link #unsubscribe}.
     *
     * @return completes, never exceptionally, when the addresses are free
     */
    public synchronized CompletionStage<Void> close() {
        stopping = true;
        return Relay.allOf(
                Stream.concat(Stream.of(released), listeners.values().stream().map(Listener::close)));
    }

    public boolean isClosing() {
        return stopping;
    }

    /** Hears of no change any more. */
    public void unsubscribe() {
        subscription.getAndSet(() -> {}).run();
    }

    public Forward forward() {
        return forward;
    }

    /** How each listener stands now, in the order of the configuration. */
    public synchronized List<ListenerStatus> statuses() {
        return listeners.values().stream().map(Listener::status).toList();
    }
}
