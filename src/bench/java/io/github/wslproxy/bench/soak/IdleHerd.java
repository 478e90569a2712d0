package io.github.wslproxy.bench.soak;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Links that say nothing while the others do, and have to be there afterwards. */
final class IdleHerd implements Closeable {
    private static final int LINKS = 150;

    private final List<Visit> visits = new ArrayList<>();

    IdleHerd(InetSocketAddress forward) throws IOException {
        for (int i = 0; i < LINKS; i++) {
            visits.add(Visit.to(forward));
        }
    }

    /** Has each of them carry a few bytes, and end well. */
    void wakeAndPart() throws IOException {
        for (Visit visit : visits) {
            visit.send(100);
            visit.request(100);
            visit.part();
        }
    }

    @Override
    public void close() throws IOException {
        for (Visit visit : visits) {
            visit.close();
        }
    }
}
