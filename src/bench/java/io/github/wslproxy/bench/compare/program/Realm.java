package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Commands;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * realm (github.com/zhboner/realm), version 2, which is in no package: used from REALM, or from the PATH. It splices TCP
 * on Linux.
 */
final class Realm {
    private Realm() {}

    static Program peer() {
        Path executable = Optional.ofNullable(System.getenv("REALM"))
                .map(Path::of)
                .or(() -> Commands.find("realm"))
                .orElse(Path.of("realm"));
        return Peer.configured(
                new Column("realm", Column.Kind.SPLICES),
                Set.of(Protocol.TCP, Protocol.UDP),
                executable,
                "--version",
                (assignment, lab) -> commands(executable, assignment, lab));
    }

    private static List<List<String>> commands(Path executable, Assignment assignment, Lab lab) throws IOException {
        String endpoints = assignment.routes().stream()
                .flatMap(Route::each)
                .map(Realm::endpoint)
                .collect(Collectors.joining("\n"));
        Path config = lab.file("realm.toml", endpoints);
        return List.of(List.of(executable.toString(), "-c", config.toString()));
    }

    private static String endpoint(Route route) {
        return String.format(
                """
                [[endpoints]]
                listen = "%s"
                remote = "%s"
                network = { no_tcp = %b, use_udp = %b }
                """,
                route.listenAddress(),
                route.targetAddress(),
                route.protocol() == Protocol.UDP,
                route.protocol() == Protocol.UDP);
    }
}
