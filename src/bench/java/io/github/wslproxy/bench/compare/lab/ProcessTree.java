package io.github.wslproxy.bench.compare.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What processes and all their children take of the computer at a moment: proc(5). A child that ends while it is read
 * counts for nothing.
 */
public final class ProcessTree {
    /** USER_HZ, which the kernel shows times in on every architecture that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

    /** Behind the name in parentheses, which may hold blanks: utime is field 14 of the whole line, state field 3. */
    private static final int USER_TIME = 14 - 3;

    private final List<Long> roots;

    public ProcessTree(List<Long> roots) {
        this.roots = roots;
    }

    public List<Long> pids() {
        return roots.stream()
                .flatMap(root -> ProcessHandle.of(root).stream())
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .map(ProcessHandle::pid)
                .toList();
    }

    /** User and system time since the start, with that of children which have ended and were waited for. */
    public double cpuSeconds() throws IOException {
        return cpuSeconds(pids(), 4);
    }

    /** The same without any child, for a program that is one process. */
    public double cpuSecondsWithoutChildren() throws IOException {
        return cpuSeconds(roots, 2);
    }

    /** The sum of VmRSS. Pages that several processes share count for each of them. */
    public long residentBytes() throws IOException {
        long bytes = 0;
        for (long pid : pids()) {
            Matcher resident = RESIDENT.matcher(read(pid, "status"));
            bytes += resident.find() ? Long.parseLong(resident.group(1)) * 1024 : 0;
        }
        return bytes;
    }

    private static double cpuSeconds(List<Long> pids, int times) throws IOException {
        double ticks = 0;
        for (long pid : pids) {
            ticks += ticks(read(pid, "stat"), times);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** @param times utime, stime, and the same of ended children: how many of the four to add */
    static double ticks(String stat, int times) {
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double ticks = 0;
        for (int i = 0; i < times; i++) {
            ticks += Long.parseLong(fields[USER_TIME + i]);
        }
        return ticks;
    }

    private static String read(long pid, String file) throws IOException {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), file));
        } catch (NoSuchFileException ended) {
            return "";
        } catch (IOException e) {
            // A process that ends between open and read: ESRCH, which Java has no exception of its own for.
            if (Files.exists(Path.of("/proc", Long.toString(pid)))) {
                throw e;
            }
            return "";
        }
    }
}
