package io.github.wslproxy.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** The {@code wsl.exe} of a {@link Wine} computer: what it says from now on, and what it was asked. See wsl.c. */
final class FakeWsl {
    static final String LIST_RUNNING = "-l --running -q";

    private final Path program;
    private final Path script;
    private final Path log;

    FakeWsl(Wine wine) {
        program = wine.file("C:\\windows\\system32\\wsl.exe");
        script = wine.file("C:\\windows\\system32\\wsl-fake.txt");
        log = wine.file("C:\\windows\\system32\\wsl-fake.txt.log");
    }

    /** Takes effect at the next call; a call that has begun goes on as before. */
    void plays(List<String> lines) throws IOException {
        Path next = Files.write(script.resolveSibling("wsl-fake.new"), lines);
        Files.move(next, script, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Ubuntu runs, and {@code hostname -I} inside it prints {@code addresses}. */
    void runsAt(String addresses) throws IOException {
        plays(running("nat", addresses + " \\n"));
    }

    /** No distribution runs. Whoever asked for more than that would wake one. */
    void isStopped() throws IOException {
        plays(List.of("when " + LIST_RUNNING, "exit 0", "when", "out it is awake\\n"));
    }

    /** The script of a VM that runs. */
    static List<String> running(String mode, String addresses) {
        return Stream.of(listed("wsl Ubuntu\\r\\n"), looked("out " + mode + "\\n--addresses--\\n" + addresses))
                .flatMap(List::stream)
                .toList();
    }

    /** What is done when it is asked which distributions run. */
    static List<String> listed(String... lines) {
        return block("when " + LIST_RUNNING, lines);
    }

    /** What is done when it is asked to run the script that looks for the addresses. */
    static List<String> looked(String... lines) {
        return block("when sh -c", lines);
    }

    private static List<String> block(String when, String... lines) {
        return Stream.concat(Stream.of(when), Stream.of(lines)).toList();
    }

    /** The arguments of each call, as they arrived. */
    List<String> calls() throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(line -> line.substring(line.indexOf('\t') + 1)).toList();
        }
    }

    void forgetCalls() throws IOException {
        Files.deleteIfExists(log);
    }

    /** As on a computer without WSL. */
    void uninstall() throws IOException {
        Files.move(program, program.resolveSibling("wsl.uninstalled"));
    }

    void install() throws IOException {
        Path uninstalled = program.resolveSibling("wsl.uninstalled");
        if (Files.exists(uninstalled)) {
            Files.move(uninstalled, program, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
