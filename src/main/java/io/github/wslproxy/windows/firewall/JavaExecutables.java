package io.github.wslproxy.windows.firewall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The two programs of one Java that listen for wslproxy: java.exe in a terminal, and javaw.exe, which has no window,
 * for the logon task. The firewall tells them apart by their paths.
 *
 * @param paths absolute
 * @param ownRuntime whether that Java is wslproxy's own, so that a rule for it opens nothing for other programs and an
 *     update of Java does not move it
 */
public record JavaExecutables(List<String> paths, boolean ownRuntime) {

    public JavaExecutables {
        paths = List.copyOf(paths);
    }

    public static JavaExecutables ofThisProcess() {
        Optional<String> running = ProcessHandle.current().info().command();
        Path home = Path.of(System.getProperty("java.home", ""));
        return of(running.map(Path::of).orElse(home.resolve("bin").resolve("java.exe")), home);
    }

    /** @param home of the Java that runs; bundled, it is the folder runtime beside lib, as wslproxy.cmd expects it */
    static JavaExecutables of(Path running, Path home) {
        String file = String.valueOf(running.getFileName());
        String end = file.substring(file.indexOf('.') < 0 ? file.length() : file.indexOf('.'));
        // A path may lead through a link, such as Scoop's "current". Windows may note either spelling.
        Set<String> paths = new LinkedHashSet<>();
        for (Path spelling : List.of(real(running), running.toAbsolutePath())) {
            paths.add(spelling.resolveSibling("java" + end).toString());
            paths.add(spelling.resolveSibling("javaw" + end).toString());
        }
        boolean bundled = home.endsWith("runtime") && Files.isDirectory(home.resolveSibling("lib"));
        return new JavaExecutables(List.copyOf(paths), bundled);
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException notThere) {
            return file.toAbsolutePath();
        }
    }

    /** The paths that rules are made for: one pair, although there may be two spellings of it. */
    List<String> forRules() {
        return paths.subList(0, Math.min(2, paths.size()));
    }

    boolean contains(String program) {
        return paths.stream().anyMatch(program::equalsIgnoreCase);
    }
}
