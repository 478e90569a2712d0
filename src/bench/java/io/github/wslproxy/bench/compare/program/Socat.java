package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * socat as its manual shows a forwarder: a process for each link or UDP client, buffers of 8 KiB. The accept queue is
 * longer than its 5, so that 64 links at once do not wait a second for their repeated SYN. It copies.
 */
final class Socat {
    private static final Path EXECUTABLE = Path.of("/usr/bin/socat");

    /** Ten thousand processes say more of the computer than of it. */
    private static final int MOST_LINKS = 1000;

    private Socat() {}

    static Program peer() {
        return Peer.ofOneRoute(
                new Column("socat", Column.Kind.COPIES),
                Set.of(Protocol.TCP, Protocol.UDP),
                EXECUTABLE,
                "-V",
                MOST_LINKS,
                Socat::command);
    }

    private static List<String> command(Route route, Assignment assignment) {
        String protocol = route.protocol() == Protocol.TCP ? "TCP4" : "UDP4";
        String backlog = route.protocol() == Protocol.TCP ? ",backlog=4096" : "";
        return List.of(
                EXECUTABLE.toString(),
                protocol + "-LISTEN:" + route.listen() + ",bind=127.0.0.1,reuseaddr,fork" + backlog,
                protocol + ":" + route.targetAddress());
    }
}
