package io.github.wslproxy.bench.compare.lab;

import io.github.wslproxy.bench.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A folder for all files, ports, and the processes that run in the background. Closing ends and removes all of it. */
public final class Lab implements AutoCloseable {
    private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+\\d+\\s+(\\d+)");

    /** From here on the system takes ports for outgoing connections: ip(7). */
    private static final int EPHEMERAL = 32_768;

    private static final int RANGE_TRIES = 100;

    private final Path folder;
    private final FreePorts ports = new FreePorts();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final List<Range> given = new ArrayList<>();
    private final AtomicInteger files = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Builds on an empty folder.
     *
     * @param folder exists, and is this lab's alone
     */
    public Lab(Path folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    /** One that is free for TCP and UDP. */
    public int freePort() throws IOException {
        while (true) {
            int port = ports.next();
            if (given.stream().noneMatch(range -> range.holds(port))) {
                return port;
            }
        }
    }

    private record Range(int first, int count) {
        boolean holds(int port) {
            return port >= first && port < first + count;
        }
    }

    /** The first of so many neighbours that are free for TCP, and are left alone until they are given back. */
    public int freeRange(int count) throws IOException {
        for (int i = 0; i < RANGE_TRIES; i++) {
            Range range = new Range(ports.next(), count);
            boolean overlaps =
                    given.stream().anyMatch(other -> other.holds(range.first()) || range.holds(other.first()));
            if (range.first() + count < EPHEMERAL
                    && !overlaps
                    && Listening.tcp().stream().noneMatch(range::holds)) {
                given.add(range);
                return range.first();
            }
        }
        throw new IOException("no " + count + " free ports in a row");
    }

    /** How many files a process may have open here, at most. */
    public static int openFiles() throws IOException {
        Matcher limit = OPEN_FILES.matcher(Files.readString(Path.of("/proc/self/limits")));
        return limit.find() ? Integer.parseInt(limit.group(1)) : Integer.MAX_VALUE;
    }

    /** The ranges that were given are no longer needed. */
    public void giveBackRanges() {
        given.clear();
    }

    /** A new file in the folder. */
    public Path file(String name, String content) throws IOException {
        if (closed) {
            throw new IOException("the lab is closed");
        }
        return Files.writeString(folder.resolve(files.incrementAndGet() + "-" + name), content);
    }

    /** Starts a process that is to stay. What it prints goes to a file of its own. */
    public Background start(List<String> command, Map<String, String> environment) throws IOException {
        Path output = file(Path.of(command.get(0)).getFileName() + ".log", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        running.add(process);
        process.onExit().thenRun(() -> running.remove(process));
        return new Background(process, output);
    }

    @Override
    public void close() {
        // Whoever is interrupted has another thread that goes on measuring.
        closed = true;
        running.forEach(Background::kill);
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException | UncheckedIOException e) {
            // A process that was just killed may still have written there.
            System.err.println("compare: " + folder + " is left: " + e.getMessage());
        }
    }
}
