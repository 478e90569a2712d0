package io.github.wslproxy.target;

import java.net.InetAddress;
import java.util.function.Consumer;

/** Where a target is: the read side. Safe for any thread; nothing here blocks. */
public interface TargetSource {

    /** The newest known state: one volatile read. */
    TargetState current();

    /** Says that a connect to the current address failed, so that it is asked for anew. Cheap; may be called often. */
    default void suspect() {}

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
