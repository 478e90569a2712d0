package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Commands;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * docker-proxy as the Docker daemon starts it, a process for each published port. Go's io.Copy splices TCP; UDP it copies
 * like everybody. It is used from DOCKER_PROXY, or from the PATH.
 */
final class DockerProxy {
    /** Two sockets, and for each direction a pipe, which splice(2) needs and Go keeps as long as it waits for bytes. */
    private static final int FILES_OF_A_LINK = 6;

    private DockerProxy() {}

    static Program peer() throws IOException {
        Path executable = Optional.ofNullable(System.getenv("DOCKER_PROXY"))
                .map(Path::of)
                .or(() -> Commands.find("docker-proxy"))
                .orElse(Path.of("docker-proxy"));
        return Peer.ofOneRoute(
                new Column("docker-proxy", Column.Kind.SPLICES),
                Set.of(Protocol.TCP, Protocol.UDP),
                executable,
                "",
                Lab.openFiles() / FILES_OF_A_LINK,
                (route, assignment) -> command(executable, route));
    }

    private static List<String> command(Path executable, Route route) {
        return List.of(
                // It tells its parent on descriptor 3 that it listens.
                "/bin/sh",
                "-c",
                "exec \"$0\" \"$@\" 3>/dev/null",
                executable.toString(),
                "-proto",
                route.protocol().lowerCase(),
                "-host-ip",
                "127.0.0.1",
                "-host-port",
                Integer.toString(route.listen()),
                "-container-ip",
                "127.0.0.1",
                "-container-port",
                Integer.toString(route.target()));
    }
}
