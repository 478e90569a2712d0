package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A target that is where a test says, and that records what it is told. Safe for any thread. */
final class FakeTargetSource implements TargetSource {
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger wakeRequests = new AtomicInteger();
    private final Queue<InetSocketAddress> worked = new ConcurrentLinkedQueue<>();
    private final List<Consumer<TargetState>> listeners = new CopyOnWriteArrayList<>();
    private volatile TargetState state;
    private volatile Duration holdTimeout = Duration.ZERO;
    private volatile boolean recentlyChanged;
    private volatile @Nullable InetAddress localhost;
    private volatile @Nullable Throwable planted;

    FakeTargetSource(TargetState state) {
        this.state = state;
    }

    /** A target that is up. */
    static FakeTargetSource at(InetAddress... addresses) {
        return new FakeTargetSource(new TargetState.Up(List.of(addresses), "test"));
    }

    /** A VM that does not run. */
    static FakeTargetSource down() {
        return new FakeTargetSource(new TargetState.Down("not running"));
    }

    void publish(TargetState next) {
        state = next;
        listeners.forEach(listener -> listener.accept(next));
    }

    void publish(InetAddress address) {
        publish(new TargetState.Up(address, "test"));
    }

    FakeTargetSource holdingFor(Duration time) {
        holdTimeout = time;
        return this;
    }

    /** WSL's relay may listen at that address. */
    FakeTargetSource withRelayAt(InetAddress address) {
        localhost = address;
        return this;
    }

    FakeTargetSource recentlyChanged(boolean changed) {
        recentlyChanged = changed;
        return this;
    }

    /** Each question for the state fails from now on; null: none does. */
    void plant(@Nullable Throwable failure) {
        planted = failure;
    }

    /** How often a connect has failed at all addresses. */
    int failures() {
        return failures.get();
    }

    int wakeRequests() {
        return wakeRequests.get();
    }

    Queue<InetSocketAddress> worked() {
        return worked;
    }

    @Override
    public TargetState current() {
        Throwable failure = planted;
        if (failure instanceof Error fatal) {
            throw fatal;
        }
        if (failure instanceof RuntimeException defect) {
            throw defect;
        }
        return state;
    }

    @Override
    public void worked(InetSocketAddress where) {
        worked.add(where);
    }

    @Override
    public void connectFailed() {
        failures.incrementAndGet();
    }

    @Override
    public boolean isLocalhostRelay(InetAddress address) {
        return address.equals(localhost);
    }

    @Override
    public Duration holdTimeout() {
        return holdTimeout;
    }

    @Override
    public void requestWake() {
        wakeRequests.incrementAndGet();
    }

    @Override
    public boolean recentlyChanged() {
        return recentlyChanged;
    }

    @Override
    public Runnable onChange(Consumer<TargetState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
