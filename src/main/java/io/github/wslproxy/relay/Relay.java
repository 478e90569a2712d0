package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The running thing that carries out one {@link Forward} for one protocol. Safe for any thread; nothing blocks. */
public interface Relay {
    Forward forward();

    Protocol protocol();

    /**
     * Opens the listeners. A listener that cannot be opened is tried again with back-off until {@link #stop} and hinders
     * no other. May be called once.
     *
     * @return completes, never exceptionally, when each listener has been tried once; {@link #listeners()} tells how it
     *     went
     */
    CompletionStage<Void> start();

    /**
     * Closes the listeners at once and gives open links and sessions time to end by themselves; what is left then is
     * cut off. May be called repeatedly.
     *
     * @param grace zero cuts off at once
     * @return completes, never exceptionally, when nothing of this relay is open any more
     */
    CompletionStage<Void> stop(Duration grace);

    /** How each listener stands now, in the order of the configuration. */
    List<ListenerStatus> listeners();

    RelayCounters counters();
}
