package io.github.wslproxy.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one process takes of the computer at a moment, as proc(5) tells it.
 *
 * @param residentBytes memory that is in RAM, VmRSS
 * @param descriptors open ones by kind: socket, pipe, anon_inode, file
 * @param threads of the system, the JVM's own included
 * @param cpu used since its start
 */
public record ProcessFigures(long residentBytes, SortedMap<String, Integer> descriptors, int threads, Duration cpu) {
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
    private static final Pattern THREADS = Pattern.compile("(?m)^Threads:\\s+(\\d+)$");
    private static final Pattern KIND = Pattern.compile("([a-z_]+):.*");

    private static final String CLOSED = "";

    /**
     * Reads them now.
     *
     * @throws IOException if there is no such process, or it belongs to another user
     */
    public static ProcessFigures of(long pid) throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid));
        String status = Files.readString(proc.resolve("status"));
        Duration cpu = ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
        return new ProcessFigures(
                number(RESIDENT, status) * 1024, descriptors(proc), (int) number(THREADS, status), cpu);
    }

    public int descriptorCount() {
        return descriptors.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static long number(Pattern pattern, String status) throws IOException {
        Matcher matcher = pattern.matcher(status);
        if (!matcher.find()) {
            throw new IOException("/proc/PID/status has no " + pattern + "; the process has ended");
        }
        return Long.parseLong(matcher.group(1));
    }

    private static SortedMap<String, Integer> descriptors(Path proc) throws IOException {
        SortedMap<String, Integer> kinds = new TreeMap<>();
        try (DirectoryStream<Path> links = Files.newDirectoryStream(proc.resolve("fd"))) {
            for (Path link : links) {
                kinds.merge(kind(link), 1, Integer::sum);
            }
        }
        kinds.remove(CLOSED);
        return kinds;
    }

    private static String kind(Path link) throws IOException {
        try {
            Matcher kind = KIND.matcher(Files.readSymbolicLink(link).toString());
            return kind.matches() ? kind.group(1) : "file";
        } catch (NoSuchFileException closedMeanwhile) {
            return CLOSED;
        }
    }
}
