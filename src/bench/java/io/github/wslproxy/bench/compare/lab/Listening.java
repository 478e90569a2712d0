package io.github.wslproxy.bench.compare.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Which local ports have a listener, as proc(5) tells it: nobody is connected to, so no program notices. */
public final class Listening {
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;

    private Listening() {}

    public static Set<Integer> tcp() throws IOException {
        Set<Integer> ports = new HashSet<>();
        // The kernel prints listeners before connections, of which there may be many thousands.
        read(Path.of("/proc/net/tcp"), ports, true);
        read(Path.of("/proc/net/tcp6"), ports, true);
        return ports;
    }

    public static Set<Integer> udp() throws IOException {
        Set<Integer> ports = new HashSet<>();
        read(Path.of("/proc/net/udp"), ports, false);
        read(Path.of("/proc/net/udp6"), ports, false);
        return ports;
    }

    private static void read(Path table, Set<Integer> ports, boolean onlyListeners) throws IOException {
        if (!Files.exists(table)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(table)) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.strip().split("\\s+", -1);
                if (onlyListeners && !fields[STATE].equals(LISTEN)) {
                    return;
                }
                String local = fields[LOCAL_ADDRESS];
                ports.add(Integer.parseInt(local.substring(local.indexOf(':') + 1), 16));
            }
        }
    }
}
