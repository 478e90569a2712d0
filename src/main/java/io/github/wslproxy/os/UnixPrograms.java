package io.github.wslproxy.os;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where programs are on other systems than Windows. By POSIX an empty element of PATH is the working directory (XBD
 * 8.3), and Java has one where PATH is not set (OpenJDK childproc.c): a stray program lying there would be run.
 */
public final class UnixPrograms {
    /** What is searched where there is no PATH. */
    private static final String USUAL = "/usr/local/bin:/usr/bin:/bin";

    private final Optional<String> path;
    private final Predicate<Path> isProgram;

    /** @param isProgram whether there is a file at that path that may be run */
    UnixPrograms(Optional<String> path, Predicate<Path> isProgram) {
        this.path = path;
        this.isProgram = isProgram;
    }

    public static UnixPrograms ofThisComputer() {
        return new UnixPrograms(
                Optional.ofNullable(System.getenv("PATH")),
                file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    /**
     * What to run for {@code program}: itself if it is a path, else the file of that name in PATH; empty if none is.
     */
    public Optional<String> find(String program) {
        if (program.indexOf('/') >= 0) {
            return Optional.of(program);
        }
        return Arrays.stream(path.orElse(USUAL).split(":"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(isProgram)
                .map(Path::toString)
                .findFirst();
    }
}
