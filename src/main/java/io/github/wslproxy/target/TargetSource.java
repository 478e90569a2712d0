package io.github.wslproxy.target;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Where a target is: the read side. Safe for any thread; nothing here blocks. */
public interface TargetSource {

    /** The newest known state: one volatile read. */
    TargetState current();

    /** Says that a connect to the current address failed, so that it is asked for anew. Cheap; may be called often. */
    default void suspect() {}

    /** How long a new client may be kept waiting while the target is not there; zero: it is refused at once. */
    default Duration hold() {
        return Duration.ZERO;
    }

    /**
     * Says that a client is kept waiting. Where that is to start a VM, it does, unless one is being started or was moments
     * ago. Cheap; to be said again and again while the client waits.
     */
    default void want() {}

    /** Whether the target has come up or moved moments ago, so that its servers may still be starting. */
    default boolean isNew() {
        return false;
    }

    /**
     * Calls {@code listener} after each later change, on the thread that learned it; the listener must not block.
     *
     * @return to be run when the listener is to hear no more
     */
    default Runnable onChange(Consumer<TargetState> listener) {
        return () -> {};
    }

    /** A target whose address never changes. */
    static TargetSource fixed(InetAddress address) {
        TargetState state = new TargetState.Up(address, "fixed by the configuration");
        return () -> state;
    }
}
