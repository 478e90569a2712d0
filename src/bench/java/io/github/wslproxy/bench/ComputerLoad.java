package io.github.wslproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How busy all cores together are, with whatever runs on them, from one look to the next. For one thread. */
public final class ComputerLoad {
    private static final Path STAT = Path.of("/proc/stat");

    /** The columns of idle and iowait in the first line, behind its name: proc(5). */
    private static final int IDLE = 3;

    private static final int IO_WAIT = 4;

    /** Behind it stand guest times, which user time has in it already. */
    private static final int STEAL = 7;

    private long total;
    private long idle;

    public ComputerLoad() throws IOException {
        busyShare();
    }

    /** 0 to 1, since the last call. */
    public double busyShare() throws IOException {
        long[] ticks = ticks();
        long totalNow = Arrays.stream(ticks, 0, STEAL + 1).sum();
        long idleNow = ticks[IDLE] + ticks[IO_WAIT];
        double share = totalNow == total ? 0 : 1 - (double) (idleNow - idle) / (totalNow - total);
        total = totalNow;
        idle = idleNow;
        return Math.min(1, Math.max(0, share));
    }

    private static long[] ticks() throws IOException {
        try (var lines = Files.lines(STAT)) {
            String cpu = lines.findFirst().orElseThrow(() -> new IOException(STAT + " is empty"));
            return Arrays.stream(cpu.split("\\s+"))
                    .skip(1)
                    .mapToLong(Long::parseLong)
                    .toArray();
        }
    }
}
