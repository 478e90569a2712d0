package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * pen, a balancer with one server here: tables for as many links as a row needs, which take their memory at the start, and
 * no tracking of clients (-r). A process for each forward. It copies.
 */
final class Pen {
    private static final Path EXECUTABLE = Path.of("/usr/bin/pen");

    private Pen() {}

    static Program peer() {
        return Peer.ofOneRoute(
                new Column("pen", Column.Kind.COPIES),
                Set.of(Protocol.TCP, Protocol.UDP),
                EXECUTABLE,
                "",
                Integer.MAX_VALUE,
                Pen::command);
    }

    private static List<String> command(Route route, Assignment assignment) {
        String slots = Integer.toString(assignment.links() + 20);
        List<String> command = new ArrayList<>(List.of(EXECUTABLE.toString(), "-f", "-r", "-x", slots, "-c", slots));
        if (route.protocol() == Protocol.UDP) {
            command.add("-U");
        }
        command.addAll(List.of(route.listenAddress(), route.targetAddress()));
        return command;
    }
}
