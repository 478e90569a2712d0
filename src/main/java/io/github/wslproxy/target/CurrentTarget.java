package io.github.wslproxy.target;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The one mutable cell between whoever learns an address and whoever uses it. Safe for any thread. */
public final class CurrentTarget implements TargetSource {
    /** So long servers may take to listen after the start of their VM. */
    private static final long NEW = Duration.ofSeconds(30).toNanos();

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final List<Consumer<TargetState>> listeners = new CopyOnWriteArrayList<>();
    private volatile Snapshot snapshot;
    private volatile Runnable onSuspect = () -> {};
    private volatile Waiting waiting = new Waiting(Duration.ZERO, () -> {});
    private volatile long newUntil;

    /** A state and when it began. */
    public record Snapshot(TargetState state, Instant since) {}

    private record Waiting(Duration hold, Runnable onWant) {}

    /** @param clock tells people when a state began; nothing is timed by it */
    public CurrentTarget(Clock clock, TargetState initial) {
        this(clock, initial, System::nanoTime);
    }

    CurrentTarget(Clock clock, TargetState initial, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.newUntil = nanoTime.getAsLong();
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
    public void suspect() {
        onSuspect.run();
    }

    /** What {@link #suspect()} does; it is run on event loops and must return at once. */
    public void whenSuspected(Runnable action) {
        onSuspect = action;
    }

    @Override
    public Duration hold() {
        return waiting.hold();
    }

    @Override
    public void want() {
        waiting.onWant().run();
    }

    /**
     * What becomes of new clients while the target is not there; by default they are refused.
     *
     * @param hold how long they may be kept waiting
     * @param onWant what {@link #want()} does; it is run on event loops and must return at once
     */
    public void keepWaiting(Duration hold, Runnable onWant) {
        waiting = new Waiting(hold, onWant);
    }

    @Override
    public boolean isNew() {
        return newUntil - nanoTime.getAsLong() > 0;
    }

    @Override
    public Runnable onChange(Consumer<TargetState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Makes {@code next} the current state and, if the state or an address differs, tells the listeners. A reason that
     * alone differs is kept silently.
     *
     * @return whether the state or an address differs from before
     */
    public synchronized boolean publish(TargetState next) {
        Snapshot last = snapshot;
        boolean changed = !next.word().equals(last.state().word())
                || !next.addresses().equals(last.state().addresses());
        // The first answer tells of a target that may have been up for days.
        if (changed && !next.addresses().isEmpty() && !(last.state() instanceof TargetState.Unknown)) {
            newUntil = nanoTime.getAsLong() + NEW;
        }
        snapshot = new Snapshot(next, changed ? clock.instant() : last.since());
        if (changed) {
            listeners.forEach(listener -> listener.accept(next));
        }
        return changed;
    }
}
