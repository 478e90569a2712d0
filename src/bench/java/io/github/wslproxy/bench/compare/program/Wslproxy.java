package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.Commands;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * wslproxy from its zip, by its launcher and with its defaults: the configuration says what to forward, raises
 * max_connections where a row needs more links, and gives the status page a port of its own.
 *
 * @param launcher as it was unpacked
 * @param java a Java home
 */
record Wslproxy(Column column, Path launcher, Path java) implements Program {
    /** What max_connections_per_client is by default. */
    private static final int DEFAULT_LINKS = 256;

    private static final Duration ARCHIVE = Duration.ofMinutes(2);

    @Override
    public Optional<String> missing() {
        return Files.isExecutable(java.resolve("bin/java"))
                ? Optional.empty()
                : Optional.of(java + " is no Java home (expected: a folder with bin/java)");
    }

    @Override
    public String version() throws IOException, InterruptedException {
        String version = Commands.versionOutput(List.of(java.resolve("bin/java").toString(), "-version"));
        return version.lines().skip(1).findFirst().orElse("unknown");
    }

    @Override
    public boolean carries(Protocol protocol) {
        return true;
    }

    @Override
    public List<Background> launch(Assignment assignment, Lab lab) throws IOException {
        Path config = lab.file("proxy.toml", config(assignment, lab.freePort()));
        Map<String, String> environment = Map.of(
                "WSLPROXY_JAVA", java.toString(),
                "XDG_STATE_HOME", lab.folder().resolve("state").toString());
        return List.of(lab.start(List.of(launcher.toString(), "--config", config.toString()), environment));
    }

    /** Until it has made the archive of classes, which it does some time after its first start. */
    @Override
    public void prepare(Lab lab) throws IOException, InterruptedException {
        Path archive = launcher.resolveSibling("classes.jsa");
        Assignment any = Assignment.of(new Route(Protocol.TCP, lab.freePort(), lab.freePort()));
        long deadline = System.nanoTime() + ARCHIVE.toNanos();
        try (Relay relay = Relay.start(this, any, lab)) {
            while (!Files.exists(archive)) {
                if (System.nanoTime() > deadline) {
                    throw new IOException(relay.column().name() + " has made no " + archive.getFileName());
                }
                Thread.sleep(200);
            }
        }
    }

    private static String config(Assignment assignment, int statusPort) {
        String wsl = assignment.probing() ? "[wsl]\ncommand = [\"echo\", \"127.0.0.1\"]\n" : "";
        String limits = assignment.links() <= DEFAULT_LINKS
                ? ""
                : String.format(
                        "[defaults]\nmax_connections = %d\nmax_connections_per_client = %<d\n",
                        assignment.links() + 20);
        return wsl + limits + "[status]\nlisten = \"127.0.0.1:" + statusPort + "\"\n"
                + assignment.routes().stream()
                        .map(route -> forward(route, assignment.probing()))
                        .collect(Collectors.joining());
    }

    private static String forward(Route route, boolean probing) {
        return String.format(
                "[[forward]]\nprotocol = \"%s\"\nlisten = \"%s\"\ntarget = \"%s:%s\"\n",
                route.protocol().lowerCase(),
                "127.0.0.1:" + range(route.listen(), route.ports()),
                probing ? "wsl" : "127.0.0.1",
                range(route.target(), route.ports()));
    }

    private static String range(int first, int ports) {
        return ports == 1 ? Integer.toString(first) : first + "-" + (first + ports - 1);
    }
}
