package io.github.wslproxy.computer;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.stream.Stream;

/** The network adapters of this computer. Each call asks the system, at some expense on Windows. Safe for any thread. */
public final class NetworkAdapters {
    private NetworkAdapters() {}

    /** What Java is asked of the adapters. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws SocketException;
    }

    /**
     * All, up or not.
     *
     * @throws SocketException if the system does not tell them at the moment
     */
    public static Stream<NetworkInterface> all() throws SocketException {
        return told(NetworkInterface::networkInterfaces);
    }

    /**
     * Whether it is in use.
     *
     * @throws SocketException if the system does not tell, as of an adapter that has gone meanwhile
     */
    public static boolean isUp(NetworkInterface adapter) throws SocketException {
        return told(adapter::isUp);
    }

    /** JDK 17 throws a plain Error where Windows does not list its adapters at the moment (NetworkInterface_winXP.c). */
    static <T> T told(Question<T> question) throws SocketException {
        try {
            return question.ask();
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
