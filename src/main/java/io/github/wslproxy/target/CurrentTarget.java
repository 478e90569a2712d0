package io.github.wslproxy.target;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The one mutable cell between whoever learns an address and whoever uses it. Safe for any thread. */
public final class CurrentTarget implements TargetSource {
    private final Clock clock;
    private final List<Consumer<TargetState>> listeners = new CopyOnWriteArrayList<>();
    private volatile Snapshot snapshot;
    private volatile Runnable onSuspect = () -> {};

    /** A state and when it began. */
    public record Snapshot(TargetState state, Instant since) {}

    /** @param clock tells people when a state began; nothing is timed by it */
    public CurrentTarget(Clock clock, TargetState initial) {
        this.clock = clock;
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
    public Runnable onChange(Consumer<TargetState> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Makes {@code next} the current state and, if the state or the address differs, tells the listeners. A reason that
     * alone differs is kept silently.
     *
     * @return whether the state or the address differs from before
     */
    public synchronized boolean publish(TargetState next) {
        Snapshot last = snapshot;
        boolean changed = !next.word().equals(last.state().word())
                || !next.address().equals(last.state().address());
        snapshot = new Snapshot(next, changed ? clock.instant() : last.since());
        if (changed) {
            listeners.forEach(listener -> listener.accept(next));
        }
        return changed;
    }
}
