package io.github.wslproxy.relay;

import io.github.wslproxy.relay.BindAddress.Spot;
import io.netty.channel.Channel;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What a {@link Listener} is doing. */
sealed interface ListenerState {
    /** There is no socket, and none is being opened or closed: the next step may follow at once. */
    sealed interface AtRest extends ListenerState {
        /** Takes back what was to happen at a later time. */
        default void cancelRetry() {}
    }

    /** Nobody has asked for a socket yet. */
    record New() implements AtRest {}

    /** No socket on purpose; a change may ask for one. */
    record Closed() implements AtRest {}

    /**
     * No socket, though one is wanted.
     *
     * @param tried where it could not be opened; another place is worth a try at once
     * @param retry tries it there again; null if that address is not there
     */
    record Failed(Spot tried, @Nullable Future<?> retry) implements AtRest {
        @Override
        public void cancelRetry() {
            if (retry != null) {
                retry.cancel(false);
            }
        }
    }

    /** A name is looked up, or a socket is bound. Changes wait until that is over. */
    record Binding() implements ListenerState {}

    /**
     * A socket is open.
     *
     * @param since when it was opened, as a {@link System#nanoTime()}
     */
    record Listening(Channel channel, Spot spot, long since, LoopGuard.Registration registration)
            implements ListenerState {}

    /** The socket is being closed; {@code next} follows once the port is free. */
    record Releasing(ListenerState next) implements ListenerState {}

    /** Closed for good, or about to be. */
    record Stopped() implements ListenerState {}
}
