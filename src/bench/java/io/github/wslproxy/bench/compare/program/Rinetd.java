package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** rinetd, which has a rule for each port and nothing to tune. It copies. */
final class Rinetd {
    private static final Path EXECUTABLE = Path.of("/usr/sbin/rinetd");

    private Rinetd() {}

    static Program peer() {
        return Peer.configured(
                new Column("rinetd", Column.Kind.COPIES),
                Set.of(Protocol.TCP, Protocol.UDP),
                EXECUTABLE,
                "--version",
                Rinetd::commands);
    }

    private static List<List<String>> commands(Assignment assignment, Lab lab) throws IOException {
        String rules = assignment.routes().stream()
                .flatMap(Route::each)
                .map(Rinetd::rule)
                .collect(Collectors.joining("\n", "", "\n"));
        Path config = lab.file("rinetd.conf", rules);
        return List.of(List.of(EXECUTABLE.toString(), "--foreground", "--conf-file", config.toString()));
    }

    private static String rule(Route route) {
        String protocol = "/" + route.protocol().lowerCase();
        return "127.0.0.1 " + route.listen() + protocol + " 127.0.0.1 " + route.target() + protocol;
    }
}
