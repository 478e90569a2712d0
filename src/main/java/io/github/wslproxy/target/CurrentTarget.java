package io.github.wslproxy.target;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The one mutable cell between the code that learns an address and the code that uses it. Safe for any thread. */
public final class CurrentTarget implements TargetSource {
    /** Servers may take so long to listen after the start of their VM. */
    private static final long RECENT = Duration.ofSeconds(30).toNanos();

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final List<Consumer<TargetState>> listeners = new CopyOnWriteArrayList<>();
    private volatile Snapshot snapshot;
    private volatile Runnable onConnectFailed = () -> {};
    private volatile HoldPolicy holdPolicy = new HoldPolicy(Duration.ZERO, () -> {});
    private volatile long recentUntil;

    /** A state and when it began. */
    public record Snapshot(TargetState state, Instant since) {}

    private record HoldPolicy(Duration timeout, Runnable onWakeRequest) {}

    /** @param clock dates the beginning of a state for people; nothing is timed by it */
    public CurrentTarget(Clock clock, TargetState initial) {
        this(clock, initial, System::nanoTime);
    }

    CurrentTarget(Clock clock, TargetState initial, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.recentUntil = nanoTime.getAsLong();
        this.snapshot = new Snapshot(initial, clock.instant());
    }

    @Override
    public TargetState current() {
        return snapshot.state();
    }

    /** The current state together with the moment at which it began. */
    public Snapshot snapshot() {
        return snapshot;
    }

    @Override
    public void connectFailed() {
        onConnectFailed.run();
    }

    /** Sets what {@link #connectFailed()} does; it is run on event loops and must return at once. */
    public void onConnectFailed(Runnable action) {
        onConnectFailed = action;
    }

    @Override
    public Duration holdTimeout() {
        return holdPolicy.timeout();
    }

    @Override
    public void requestWake() {
        holdPolicy.onWakeRequest().run();
    }

    /**
     * Sets what becomes of new clients while the target is not there; by default they are refused.
     *
     * @param holdTimeout how long they may be kept waiting
     * @param onWakeRequest what {@link #requestWake()} does; it is run on event loops and must return at once
     */
    public void whileStopped(Duration holdTimeout, Runnable onWakeRequest) {
        holdPolicy = new HoldPolicy(holdTimeout, onWakeRequest);
    }

    @Override
    public boolean recentlyChanged() {
        return recentUntil - nanoTime.getAsLong() > 0;
    }

    @Override
    public Runnable onChange(Consumer<TargetState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Makes {@code next} the current state and, if the state or an address differs, tells the listeners on this thread.
     * A reason that alone differs is kept silently. One thread at a time publishes, so that listeners hear the changes
     * in order.
     *
     * @return whether the state or an address differs from before
     */
    public boolean publish(TargetState next) {
        boolean changed = replace(next);
        if (changed) {
            listeners.forEach(listener -> listener.accept(next));
        }
        return changed;
    }

    private synchronized boolean replace(TargetState next) {
        Snapshot last = snapshot;
        boolean changed = !next.word().equals(last.state().word())
                || !next.addresses().equals(last.state().addresses());
        // The first answer is about a target that may have been up for days.
        if (changed && !next.addresses().isEmpty() && !(last.state() instanceof TargetState.Unknown)) {
            recentUntil = nanoTime.getAsLong() + RECENT;
        }
        snapshot = new Snapshot(next, changed ? clock.instant() : last.since());
        return changed;
    }
}
