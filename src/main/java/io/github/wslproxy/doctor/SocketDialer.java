package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.SocketDialer.DialResult.Then;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Connects, sends nothing, watches for a moment what the other side does, and closes. */
final class SocketDialer {
    private SocketDialer() {}

    /** What became of a TCP connect. */
    sealed interface DialResult {

        /** What the other side did with the connection while it was watched. */
        enum Then {
            STAYED_OPEN,
            SPOKE,
            ENDED,
            WAS_RESET
        }

        /**
         * A program accepted it.
         *
         * @param from the port of this end, which the log and the status name
         * @param took the time until it was accepted
         */
        record Accepted(int from, Duration took, Then then) implements DialResult {}

        /** The computer answered that no program listens. */
        record Refused() implements DialResult {}

        /** Nothing came back. */
        record TimedOut(Duration after) implements DialResult {}

        /** It could not be tried, or a router said no. */
        record Impossible(String why) implements DialResult {}
    }

    /**
     * Blocks for {@code connect} and {@code watch} at most.
     *
     * @param watch how long to watch whether it stays open; zero does not watch
     */
    static DialResult dial(InetSocketAddress to, Duration connect, Duration watch) {
        long began = System.nanoTime();
        try (Socket socket = new Socket()) {
            socket.bind(null);
            int from = socket.getLocalPort();
            boolean wasReset = !connects(socket, to, connect);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return new DialResult.Accepted(from, took, wasReset ? Then.WAS_RESET : watch(socket, watch));
        } catch (SocketTimeoutException silence) {
            return new DialResult.TimedOut(connect);
        } catch (NoRouteToHostException noRoute) {
            return new DialResult.Impossible("there is no route to it");
        } catch (ConnectException nobodyListens) {
            return new DialResult.Refused();
        } catch (IOException failure) {
            return new DialResult.Impossible(String.valueOf(failure.getMessage()));
        }
    }

    /** False if the other side accepted and reset it before the system told that it is connected. */
    private static boolean connects(Socket socket, InetSocketAddress to, Duration limit) throws IOException {
        try {
            socket.connect(to, (int) limit.toMillis());
            return true;
        } catch (SocketException failure) {
            if (String.valueOf(failure.getMessage()).startsWith("Connection reset")) {
                return false;
            }
            throw failure;
        }
    }

    private static Then watch(Socket socket, Duration watch) throws IOException {
        if (watch.isZero()) {
            return Then.STAYED_OPEN;
        }
        socket.setSoTimeout((int) watch.toMillis());
        try {
            return socket.getInputStream().read() < 0 ? Then.ENDED : Then.SPOKE;
        } catch (SocketTimeoutException quiet) {
            return Then.STAYED_OPEN;
        } catch (SocketException reset) {
            return Then.WAS_RESET;
        }
    }
}
