package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * HAProxy in TCP mode, as who knows it would set it up: a thread for each core (its default), connections enough, a long
 * accept queue, no log, no health checks. Its buffers have their default of 16 KiB, and it uses splice(2) only where
 * "option splice-auto" stands, which it does not here: so it copies. TCP_NODELAY is its default. It has no UDP.
 */
final class Haproxy {
    private static final Path EXECUTABLE = Path.of("/usr/sbin/haproxy");

    private Haproxy() {}

    static Program peer() {
        return Peer.configured(
                new Column("haproxy", Column.Kind.COPIES), Set.of(Protocol.TCP), EXECUTABLE, "-v", Haproxy::commands);
    }

    private static List<List<String>> commands(Assignment assignment, Lab lab) throws IOException {
        Path config = lab.file("haproxy.cfg", config(assignment));
        return List.of(List.of(EXECUTABLE.toString(), "-db", "-f", config.toString()));
    }

    private static String config(Assignment assignment) {
        return String.format(
                """
                global
                    maxconn %d
                defaults
                    mode tcp
                    maxconn %1$d
                    backlog 4096
                    timeout connect 5s
                    timeout client 1h
                    timeout server 1h
                %s
                """,
                assignment.links() + 20,
                IntStream.range(0, assignment.routes().size())
                        .mapToObj(i -> listen(i, assignment.routes().get(i)))
                        .collect(Collectors.joining("\n")));
    }

    private static String listen(int number, Route route) {
        String range = route.ports() == 1 ? "" : "-" + (route.listen() + route.ports() - 1);
        String target = route.ports() == 1
                ? route.targetAddress()
                : String.format("127.0.0.1:%+d", route.target() - route.listen());
        return "listen forward" + number + "\n    bind " + route.listenAddress() + range + "\n    server target "
                + target;
    }
}
