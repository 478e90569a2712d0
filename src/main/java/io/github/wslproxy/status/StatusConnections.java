package io.github.wslproxy.status;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The open connections, up to a cap. A new connection that finds no room replaces the one whose client has taken
 * longest to send a whole request or to read its answer. So a client that connects and asks at once is heard, however
 * many connections others hold open. Belongs to the event loop of the server.
 */
final class StatusConnections {
    private final int most;
    private final Set<StatusConnection> all = new HashSet<>();

    /** The connections that wait for their client, the one that has waited longest first. */
    private final Set<StatusConnection> waiting = new LinkedHashSet<>();

    StatusConnections(int most) {
        this.most = most;
    }

    /** Closes another connection if there is no room; returns whether there is room then. */
    boolean enter(StatusConnection connection) {
        if (all.size() >= most) {
            giveWay();
        }
        return all.size() < most && all.add(connection);
    }

    private void giveWay() {
        Iterator<StatusConnection> longest = waiting.iterator();
        if (longest.hasNext()) {
            StatusConnection gone = longest.next();
            leave(gone);
            gone.close();
        }
    }

    /** The client of {@code connection} has to go on now: to send a request, or to read the answer. */
    void waitsForClient(StatusConnection connection) {
        waiting.remove(connection);
        if (all.contains(connection)) {
            waiting.add(connection);
        }
    }

    /** The server has to go on now: to make the answer. */
    void waitsForServer(StatusConnection connection) {
        waiting.remove(connection);
    }

    void leave(StatusConnection connection) {
        all.remove(connection);
        waiting.remove(connection);
    }

    void closeAll() {
        List.copyOf(all).forEach(StatusConnection::close);
    }
}
