package io.github.wslproxy.app;

import io.github.wslproxy.status.AdminApi;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status server at the address that the settings ask for. Where it cannot listen there it tries again every ten
 * seconds, and forwarding goes on without it. Safe for any thread.
 */
final class StatusEndpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatusEndpoint.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Supplier<Snapshot> snapshots;
    private final AdminApi actions;
    private final Supplier<String> tokens;
    private final ScheduledExecutorService executor;
    private final ReentrantLock moving = new ReentrantLock();

    /** Used while {@link #moving} is held. */
    private Optional<InetSocketAddress> asked = Optional.empty();

    /** Each port from before it is listened on until it is free again. */
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    private volatile Future<?> retry = CompletableFuture.completedFuture(null);
    private volatile @Nullable StatusServer server;
    private volatile boolean closed;
    private volatile Runnable onMoved = () -> {};

    /**
     * Opens nothing yet.
     *
     * @param tokens makes another one for each address that is opened
     * @param executor an event loop, which a retry does not hold up
     */
    StatusEndpoint(
            Supplier<Snapshot> snapshots,
            AdminApi actions,
            Supplier<String> tokens,
            ScheduledExecutorService executor) {
        this.snapshots = snapshots;
        this.actions = actions;
        this.tokens = tokens;
        this.executor = executor;
    }

    /** Runs {@code listener} after each move, also one to nowhere; it must not hold up an event loop. */
    void onMoved(Runnable listener) {
        onMoved = listener;
    }

    /** Listens at the address that the settings ask for now, and no longer at another one. */
    void moveTo(Supplier<Optional<InetSocketAddress>> settings) {
        moving.lock();
        try {
            Optional<InetSocketAddress> next = settings.get();
            if (next.equals(asked)) {
                return;
            }
            asked = next;
            retry.cancel(false);
            closeServer();
            ports.clear();
            open().ifPresent(why -> {
                log.warn("{}; forwarding goes on without it, and it is tried again", why);
                retryLater();
            });
        } finally {
            moving.unlock();
        }
        onMoved.run();
    }

    /** Why the server that is asked for could not be opened; empty if nothing failed. */
    private Optional<String> open() {
        if (asked.isEmpty() || server != null || closed) {
            return Optional.empty();
        }
        ports.add(asked.get().getPort());
        StatusServer made = new StatusServer(asked.get(), snapshots, actions, tokens.get());
        try {
            made.start();
            ports.add(made.address().getPort());
            server = made;
            if (closed) {
                closeServer(); // It was closed while this opened it.
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void retryLater() {
        retry = executor.schedule(this::retry, RETRY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void retry() {
        if (closed) {
            return;
        }
        if (!moving.tryLock()) {
            retryLater();
            return;
        }
        try {
            if (open().isPresent()) {
                retryLater();
                return;
            }
        } finally {
            moving.unlock();
        }
        onMoved.run();
    }

    /** Has the next answer read the status anew: whoever asked for a change may look at once. */
    void refresh() {
        StatusServer running = server;
        if (running != null) {
            running.changed();
        }
    }

    /** Where it listens, if it is on and could be opened. */
    Optional<InetSocketAddress> address() {
        return Optional.ofNullable(server).map(StatusServer::address);
    }

    /** Whether it listens on that port, or would if the port were free. */
    boolean mayHavePort(int port) {
        return ports.contains(port);
    }

    /** Frees the address for good. */
    @Override
    public void close() {
        closed = true;
        closeServer();
    }

    private void closeServer() {
        StatusServer running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }
}
