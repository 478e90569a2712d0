package io.github.wslproxy.os;

import java.io.IOException;
import java.io.InputStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The network adapters of this computer. Each call asks the system, at some expense on Windows. Safe for any thread.
 */
public final class NetworkAdapters {
    /** IPv4 has no plain list of local addresses: they are leaves of the routing tables. */
    private static final List<Path> FINGERPRINT = List.of(Path.of("/proc/net/fib_trie"), Path.of("/proc/net/if_inet6"));

    private static final int MOST_BYTES = 65_536;

    private NetworkAdapters() {}

    /** Something that Java is asked about the adapters. */
    @FunctionalInterface
    interface AdapterQuery<T> {
        T ask() throws SocketException;
    }

    /**
     * Lists all adapters, up or not.
     *
     * @throws SocketException if the system does not tell them at the moment
     */
    public static Stream<NetworkInterface> all() throws SocketException {
        return told(NetworkInterface::networkInterfaces);
    }

    /**
     * Whether the adapter is in use.
     *
     * @throws SocketException if the system does not tell, as of an adapter that has gone meanwhile
     */
    public static boolean isUp(NetworkInterface adapter) throws SocketException {
        return told(adapter::isUp);
    }

    /** Whether {@link #fingerprint} tells of changes here. */
    public static boolean hasFingerprint() {
        return OperatingSystem.isLinux() && FINGERPRINT.stream().allMatch(Files::isReadable);
    }

    /**
     * Gives another number once an address has come or gone. The number is made of the kernel's tables of local
     * addresses, which costs a fraction of listing the adapters. Windows has no such tables that Java could read.
     *
     * @throws IOException if it cannot be read at the moment
     */
    public static long fingerprint() throws IOException {
        long fingerprint = 0;
        for (Path table : FINGERPRINT) {
            try (InputStream in = Files.newInputStream(table)) {
                fingerprint = 31 * fingerprint + Arrays.hashCode(in.readNBytes(MOST_BYTES));
            }
        }
        return fingerprint;
    }

    /**
     * JDK 17 throws a plain Error where Windows does not list its adapters at the moment (NetworkInterface_winXP.c).
     */
    static <T> T told(AdapterQuery<T> query) throws SocketException {
        try {
            return query.ask();
        } catch (Error notTold) {
            if (notTold.getClass() == Error.class
                    && String.valueOf(notTold.getMessage()).startsWith("IP Helper Library")) {
                SocketException told = new SocketException(notTold.getMessage());
                told.initCause(notTold);
                throw told;
            }
            throw notTold;
        }
    }
}
