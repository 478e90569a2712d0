package io.github.wslproxy.relay.tcp;

import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * When TCP asks a silent peer whether it is still there. This holds while nothing is on its way to the peer; bytes that
 * are not acknowledged are repeated for as long as the system thinks fit, whatever is set here.
 *
 * @param idle seconds of silence before the peer is asked first; 0 leaves all three to the system, which on Windows and
 *     Linux asks only after two hours
 * @param interval seconds from one question to the next
 * @param count questions without an answer after which the connection has failed
 */
record KeepAlive(int idle, int interval, int count) {
    /** Asks after a minute of silence, and gives up after another: a VM that is gone says nothing. */
    static final KeepAlive OF_THE_TARGET = new KeepAlive(60, 15, 4);

    private static final KeepAlive OF_THE_SYSTEM = new KeepAlive(0, 0, 0);

    /** Linux takes no more seconds (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL). */
    private static final int LONGEST = 32_767;

    private static final int PARTS = 10;

    /**
     * The options that this Java has, by name: JDK 17 on Windows has them from 17.0.10 on only, and a runtime without
     * the module jdk.net does not have them.
     */
    private static final Map<String, SocketOption<Integer>> SUPPORTED = supported();

    /**
     * The peer is asked each tenth part of {@code reach}.
     *
     * @param reach how long a silent peer may be out of reach; zero leaves that to the system
     */
    static KeepAlive lasting(Duration reach) {
        if (reach.isZero()) {
            return OF_THE_SYSTEM;
        }
        long seconds = Math.max(2, reach.toSeconds());
        int part = (int) Math.min(LONGEST, Math.max(1, seconds / PARTS));
        int count = (int) Math.min(PARTS - 1L, seconds - 1);
        int idle = (int) Math.min(LONGEST, seconds - (long) part * count);
        return new KeepAlive(idle, part, count);
    }

    /** Whether this Java can ask a silent peer sooner than the system would. */
    static boolean isSupported() {
        return SUPPORTED.size() == OF_THE_TARGET.options().size();
    }

    /** Begins to keep a connection alive: up to four system calls. */
    void applyTo(TcpSocket socket) {
        try {
            socket.set(StandardSocketOptions.SO_KEEPALIVE, true);
            if (idle > 0) {
                for (Map.Entry<String, Integer> wanted : options().entrySet()) {
                    SocketOption<Integer> option = SUPPORTED.get(wanted.getKey());
                    if (option != null) {
                        socket.set(option, wanted.getValue());
                    }
                }
            }
        } catch (IOException closedMeanwhile) {
            // Its end is on its way.
        }
    }

    /** Named as in jdk.net.ExtendedSocketOptions. */
    private Map<String, Integer> options() {
        return Map.of("TCP_KEEPIDLE", idle, "TCP_KEEPINTERVAL", interval, "TCP_KEEPCOUNT", count);
    }

    private static Map<String, SocketOption<Integer>> supported() {
        Map<String, SocketOption<Integer>> found = new HashMap<>();
        try (SocketChannel any = SocketChannel.open()) {
            for (SocketOption<?> option : any.supportedOptions()) {
                if (OF_THE_TARGET.options().containsKey(option.name())) {
                    found.put(option.name(), asInteger(option));
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return Map.copyOf(found);
    }

    /** The three are documented as Integer in jdk.net.ExtendedSocketOptions. */
    @SuppressWarnings("unchecked")
    private static SocketOption<Integer> asInteger(SocketOption<?> option) {
        return (SocketOption<Integer>) option;
    }
}
