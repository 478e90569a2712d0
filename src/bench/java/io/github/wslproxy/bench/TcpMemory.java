package io.github.wslproxy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Whether the system's memory for all of TCP, {@code net.ipv4.tcp_mem}, sufficed: where not, it resets connections. */
public final class TcpMemory {
    private static final Path NETSTAT = Path.of("/proc/net/netstat");
    private static final String GROUP = "TcpExt:";
    private static final String RESETS = "TCPAbortOnMemory";

    private TcpMemory() {}

    /** How many connections it has reset for that, of all programs, since it was started. */
    public static long resets() {
        List<List<String>> rows = rows();
        int column = rows.isEmpty() ? -1 : rows.get(0).indexOf(RESETS);
        if (column < 0 || rows.size() < 2) {
            throw new IllegalStateException(NETSTAT + " has no " + RESETS);
        }
        return Long.parseLong(rows.get(1).get(column));
    }

    /** The names of the group, and below them its numbers. */
    private static List<List<String>> rows() {
        try {
            return Files.readAllLines(NETSTAT).stream()
                    .filter(line -> line.startsWith(GROUP))
                    .map(line -> Arrays.asList(line.split(" ")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
