package io.github.wslproxy.status;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The open connections, up to a cap. Where one more comes, that one gives way whose client has taken longest to send a
 * whole request or to read its answer: so whoever connects and asks at once is heard, however many connections others
 * hold open. Belongs to the event loop of the server.
 */
final class StatusConnections {
    private final int most;
    private final Set<StatusConnection> all = new HashSet<>();

    /** Those that wait for their client, the longest first. */
    private final Set<StatusConnection> waiting = new LinkedHashSet<>();

    StatusConnections(int most) {
        this.most = most;
    }

    /** Whether there is room for it; another one may have been closed for that. */
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

    /** From now on the client of {@code connection} has to do something. */
    void waitsForClient(StatusConnection connection) {
        waiting.remove(connection);
        if (all.contains(connection)) {
            waiting.add(connection);
        }
    }

    /** From now on the server has to do something. */
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
