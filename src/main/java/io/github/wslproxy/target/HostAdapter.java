package io.github.wslproxy.target;

import java.net.InetAddress;
import java.util.Optional;

/**
 * This computer's side of the network that it shares with the VM: where a listen entry {@code wsl:PORT} listens, and
 * whom it lets in. This is the read side, as {@link TargetSource} is for targets. Safe for any thread; nothing here
 * blocks.
 */
public interface HostAdapter {
    /** The adapter where no forward listens for WSL. */
    HostAdapter NONE = new HostAdapter() {
        private final AdapterState nowhere =
                new AdapterState(Optional.empty(), "nobody has looked for the adapter of WSL");

        @Override
        public AdapterState current() {
            return nowhere;
        }

        @Override
        public boolean isWsl(InetAddress client) {
            return false;
        }

        @Override
        public Runnable onChange(Runnable listener) {
            return () -> {};
        }
    };

    /** The newest known state: one volatile read. */
    AdapterState current();

    /** Whether {@code client} is the VM; if it could be one that has moved, the VM is looked for again. */
    boolean isWsl(InetAddress client);

    /**
     * Calls {@code listener} after each later change of {@link #current()}, on the thread that learned it; the listener
     * must not block.
     *
     * @return what ends the calls
     */
    Runnable onChange(Runnable listener);

    /**
     * What is known about the adapter.
     *
     * @param address where to listen; empty while there is nowhere
     * @param reason why that address, or why none, as part of a sentence
     */
    record AdapterState(Optional<InetAddress> address, String reason) {}
}
