package io.github.wslproxy.doctor;

import java.time.Duration;

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
     * Somebody accepted it.
     *
     * @param from the port of this end, by which the log and the status name the client
     * @param took until it was accepted
     */
    record Accepted(int from, Duration took, Then then) implements DialResult {}

    /** The computer answered, and nobody listens. */
    record Refused() implements DialResult {}

    /** Nothing came back. */
    record TimedOut(Duration after) implements DialResult {}

    /** It could not be tried, or a router said no. */
    record Impossible(String why) implements DialResult {}
}
