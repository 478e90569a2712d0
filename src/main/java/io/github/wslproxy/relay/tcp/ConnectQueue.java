package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.FairQuota;
import io.github.wslproxy.relay.ProgramLimits;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The pending connects of one forward, which are limited ({@code max_connecting}), and the clients that wait for a
 * target that is not there. Beyond the limit accepted clients queue, and listeners leave further ones in their
 * backlogs. They are served as connects end, so a target that does not answer does not cost a socket for each client.
 * Safe for any thread.
 */
final class ConnectQueue {
    /** Each has a socket, a slot and up to 32 KiB here, and may never send again; more may wait in the kernel. */
    static final int MOST_WAITING = 64;

    private final ProgramLimits program;
    private final AtomicInteger connecting = new AtomicInteger();
    private final Queue<Waiter> clients = new ConcurrentLinkedQueue<>();
    private final Queue<Waiter> listeners = new ConcurrentLinkedQueue<>();
    private final FairQuota waiting = FairQuota.ofPlaces(MOST_WAITING);
    private final AtomicReference<@Nullable String> socketShortage = new AtomicReference<>();

    /** A client that may not connect now, or a listener whose clients may not. */
    interface Waiter {
        /** Called on any thread, and perhaps in vain: another may have been quicker. */
        void reconsider();
    }

    ConnectQueue(ProgramLimits program) {
        this.program = program;
    }

    /** Whether one more connect may begin; {@link #connectEnded} is to be called after it. */
    boolean beginConnect() {
        if (connecting.incrementAndGet() <= program.connectingShare()
                && program.connecting().take()) {
            return true;
        }
        connecting.decrementAndGet();
        return false;
    }

    void connectEnded() {
        connecting.decrementAndGet();
        program.connecting().giveBack();
        wakeNext();
    }

    boolean isFull() {
        return connecting.get() >= program.connectingShare()
                || program.connecting().isUsedUp();
    }

    /** Connects that may be pending in the whole program. */
    int max() {
        return program.connecting().max();
    }

    /** Queues a client whose connect may not begin now. It keeps its place until it {@linkplain #leave leaves}. */
    void queue(Waiter client) {
        clients.add(client);
        wakeNext();
    }

    void leave(Waiter client) {
        clients.remove(client);
        wakeNext();
    }

    /** A client has queued in vain. */
    void countRefused() {
        program.connecting().countRefused();
    }

    /** A listener accepts nobody until it is woken, which happens once. Queued clients come first. */
    void rest(Waiter listener) {
        listeners.add(listener);
        wakeNext();
    }

    /** A listener that rests goes on by itself. */
    void forgetResting(Waiter listener) {
        listeners.remove(listener);
    }

    private void wakeNext() {
        if (isFull()) {
            return;
        }
        Waiter first = clients.peek();
        if (first != null) {
            first.reconsider();
            return;
        }
        Waiter listener = listeners.poll();
        while (listener != null) {
            listener.reconsider();
            listener = listeners.poll();
        }
    }

    /** Whether {@code client} may wait for the target; {@link #waitEnded} is to be called after it. */
    boolean beginWait(ClientKey client) {
        return waiting.take(client);
    }

    void waitEnded(ClientKey client) {
        waiting.giveBack(client);
    }

    /** How many clients wait for a target that is not there, or does not answer yet. */
    int waiting() {
        return waiting.used();
    }

    /** A client was accepted with the last socket of the system: there is none for its target. */
    void noSocketLeft(String why) {
        socketShortage.set(why);
    }

    /** Why a target could have no socket, if that has happened since the last call. */
    Optional<String> takeSocketShortage() {
        return Optional.ofNullable(socketShortage.getAndSet(null));
    }
}
