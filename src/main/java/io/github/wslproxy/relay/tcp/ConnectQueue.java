package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.relay.Totals;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The legs of one forward whose target has not answered yet, of which there may be {@code max_connecting}. Beyond that
 * number the clients that are already accepted queue, and the listeners leave further ones in their backlogs: they are
 * served as legs come free, and a target that does not answer costs no socket for each who asks. Safe for any thread.
 */
final class ConnectQueue {
    private final Totals totals;
    private final AtomicInteger connecting = new AtomicInteger();
    private final Queue<Waiting> clients = new ConcurrentLinkedQueue<>();
    private final Queue<Waiting> listeners = new ConcurrentLinkedQueue<>();

    /** Who is told when it may try again. */
    interface Waiting {
        /** On any thread, and perhaps in vain: someone else may have been quicker. */
        void legIsFree();
    }

    ConnectQueue(Totals totals) {
        this.totals = totals;
    }

    /** Whether one more leg may connect; it then has to be given back. */
    boolean take() {
        if (connecting.incrementAndGet() <= totals.connectingShare()
                && totals.connecting().take()) {
            return true;
        }
        connecting.decrementAndGet();
        return false;
    }

    void giveBack() {
        connecting.decrementAndGet();
        totals.connecting().giveBack();
        tellNext();
    }

    boolean areUsedUp() {
        return connecting.get() >= totals.connectingShare()
                || totals.connecting().isUsedUp();
    }

    /** A client that could take none. It stays the one it was in the queue until it {@linkplain #leave leaves} it. */
    void queue(Waiting client) {
        clients.add(client);
        tellNext();
    }

    void leave(Waiting client) {
        clients.remove(client);
        tellNext();
    }

    /** A listener that accepts nobody until it is told, which happens once; whoever queues comes first. */
    void pause(Waiting listener) {
        listeners.add(listener);
        tellNext();
    }

    /** A paused listener that goes on by itself. */
    void forget(Waiting listener) {
        listeners.remove(listener);
    }

    private void tellNext() {
        if (areUsedUp()) {
            return;
        }
        Waiting first = clients.peek();
        if (first != null) {
            first.legIsFree();
            return;
        }
        Waiting listener = listeners.poll();
        while (listener != null) {
            listener.legIsFree();
            listener = listeners.poll();
        }
    }
}
