package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.TargetSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The running thing that carries out one {@link Forward} for one protocol. Safe for any thread; nothing blocks. */
public interface Relay {
    Forward forward();

    Protocol protocol();

    /**
     * Opens the listeners that are not open. A listener that cannot be opened is tried again with back-off until
     * {@link #stop} and hinders no other.
     *
     * @return completes, never exceptionally, when each listener has been tried once; {@link #listeners()} tells how it
     *     went
     */
    CompletionStage<Void> start();

    /**
     * Goes on with other settings. Listeners whose address is still wanted keep their sockets; links keep the settings
     * they began with; sessions follow. Call {@link #start} then, for what is new.
     *
     * @param source where the target of {@code next} is
     * @return completes, never exceptionally, when the addresses that are no longer wanted are free
     */
    CompletionStage<Void> change(Forward next, TargetSource source);

    /**
     * Refuses everybody until {@link #resume}. The listeners keep their sockets, so that no other program takes the
     * port and with it the clients; open links go on, sessions end.
     */
    void pause();

    /** Lets clients in again. */
    void resume();

    /**
     * Closes the listeners at once; open links end by themselves, however long that takes, sessions with their
     * listener. {@link #counters()} tells when none is left.
     *
     * @return completes, never exceptionally, when the addresses are free
     */
    CompletionStage<Void> drain();

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

    RelayStats counters();

    /** Who has links or sessions now. */
    ConnectionLimits clients();

    /**
     * The open links or sessions, in no order.
     *
     * @return completes on any thread, never exceptionally
     */
    CompletionStage<List<ConnectionInfo>> connections();

    /**
     * Cuts off the links or sessions of a client's socket.
     *
     * @return whether there were any; completes on any thread, never exceptionally
     */
    CompletionStage<Boolean> end(InetSocketAddress client);

    /** Completes when all of {@code stages} have. */
    static CompletionStage<Void> allOf(Stream<CompletionStage<Void>> stages) {
        return CompletableFuture.allOf(
                stages.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new));
    }
}
