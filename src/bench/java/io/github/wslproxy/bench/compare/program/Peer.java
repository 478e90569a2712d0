package io.github.wslproxy.bench.compare.program;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.lab.Background;
import io.github.wslproxy.bench.compare.lab.Commands;
import io.github.wslproxy.bench.compare.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A program of others.
 *
 * @param executable its name or path
 * @param versionOption what makes it print its version in its first line; empty if nothing does
 * @param mostLinks see {@link Program#mostLinks}
 */
record Peer(
        Column column,
        Set<Protocol> protocols,
        Path executable,
        String versionOption,
        int mostRoutes,
        int mostLinks,
        Launch launch)
        implements Program {

    /** What to run for an assignment: one command for each process. */
    interface Launch {
        List<List<String>> commands(Assignment assignment, Lab lab) throws IOException;
    }

    /** What to run for one route, where a process has one. */
    interface PerRoute {
        List<String> command(Route route, Assignment assignment);
    }

    /** A program that reads its forwards from a configuration. */
    static Peer configured(
            Column column, Set<Protocol> protocols, Path executable, String versionOption, Launch launch) {
        return new Peer(column, protocols, executable, versionOption, Integer.MAX_VALUE, Integer.MAX_VALUE, launch);
    }

    /** A program that has its one forward on its command line. A second route, as of TCP and UDP, is a second process. */
    static Peer ofOneRoute(
            Column column,
            Set<Protocol> protocols,
            Path executable,
            String versionOption,
            int mostLinks,
            PerRoute perRoute) {
        Launch launch = (assignment, lab) -> assignment.routes().stream()
                .flatMap(Route::each)
                .map(route -> perRoute.command(route, assignment))
                .toList();
        return new Peer(column, protocols, executable, versionOption, 1, mostLinks, launch);
    }

    @Override
    public boolean carries(Protocol protocol) {
        return protocols.contains(protocol);
    }

    @Override
    public Optional<String> missing() {
        return Files.isExecutable(executable) ? Optional.empty() : Optional.of(executable + " is not installed");
    }

    @Override
    public String version() throws IOException, InterruptedException {
        if (versionOption.isEmpty()) {
            return packageVersion();
        }
        return Commands.versionOutput(List.of(executable.toString(), versionOption))
                .lines()
                .map(String::strip)
                .filter(line -> line.matches(".*\\d\\.\\d.*"))
                .findFirst()
                .orElse("unknown");
    }

    @Override
    public List<Background> launch(Assignment assignment, Lab lab) throws IOException {
        List<Background> started = new ArrayList<>();
        for (List<String> command : launch.commands(assignment, lab)) {
            started.add(lab.start(command, Map.of()));
        }
        return started;
    }

    /** What the package manager of Debian and its kin knows. */
    private String packageVersion() throws IOException, InterruptedException {
        Optional<Path> dpkg = Commands.find("dpkg-query");
        if (dpkg.isEmpty()) {
            return "unknown";
        }
        String name = executable.getFileName().toString();
        String version =
                Commands.versionOutput(List.of(dpkg.get().toString(), "--show", "--showformat=${Version}", name));
        return version.isEmpty() || version.contains(" ") ? "unknown (" + executable + ")" : version;
    }
}
