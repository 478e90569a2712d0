package io.github.wslproxy.windows.firewall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which programs listen for wslproxy: that of a terminal and the windowless one of the logon task, whichever of the two
 * this one is. The firewall tells them apart by their paths.
 *
 * @param paths absolute; java.exe and javaw.exe of one Java, or wslproxy.exe and wslproxyw.exe
 * @param ownRuntime whether that Java is wslproxy's own, so that a rule for it opens nothing for other programs and an
 *     update of Java does not move it
 */
public record ListeningPrograms(List<String> paths, boolean ownRuntime) {

    public ListeningPrograms {
        paths = List.copyOf(paths);
    }

    public static ListeningPrograms ofThisProcess() {
        Optional<String> running = ProcessHandle.current().info().command();
        Path home = Path.of(System.getProperty("java.home", ""));
        return of(running.map(Path::of).orElse(home.resolve("bin").resolve("java.exe")), home);
    }

    /** @param home of the Java that runs; bundled, it is the folder runtime beside lib, as wslproxy.cmd expects it */
    static ListeningPrograms of(Path running, Path home) {
        Path program = real(running);
        String file = String.valueOf(program.getFileName());
        boolean isJava = file.toLowerCase(Locale.ROOT).matches("javaw?(\\.exe)?");
        boolean bundled = home.endsWith("runtime") && Files.isDirectory(home.resolveSibling("lib"));
        // Both spellings of a path through a link, such as Scoop's "current": which of the two Windows notes is not
        // known.
        Set<String> paths = new LinkedHashSet<>();
        for (Path spelling : List.of(program, running.toAbsolutePath())) {
            pair(file).forEach(name -> paths.add(spelling.resolveSibling(name).toString()));
        }
        return new ListeningPrograms(List.copyOf(paths), bundled || !isJava);
    }

    /** A program and its twin with or without a console: java.exe and javaw.exe, wslproxy.exe and wslproxyw.exe. */
    private static List<String> pair(String file) {
        int dot = file.lastIndexOf('.');
        String stem = dot < 0 ? file : file.substring(0, dot);
        String end = dot < 0 ? "" : file.substring(dot);
        String plain = stem.endsWith("w") ? stem.substring(0, stem.length() - 1) : stem;
        List<String> pair = new ArrayList<>();
        pair.add(plain + end);
        pair.add(plain + "w" + end);
        return pair;
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException notThere) {
            return file.toAbsolutePath();
        }
    }

    /** The exact paths that rules are made for: one pair, although there may be two spellings of it. */
    List<String> forRules() {
        return paths.subList(0, Math.min(2, paths.size()));
    }
}
