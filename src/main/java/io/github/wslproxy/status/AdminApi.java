package io.github.wslproxy.status;

import io.github.wslproxy.forward.Protocol;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a person may do to the running proxy, beside editing its configuration. Safe for any thread; each call blocks
 * for some seconds at worst.
 */
public interface AdminApi {

    /** What came of it. */
    sealed interface Outcome {
        /** One line, for a person. */
        String line();
    }

    /** It is so now. */
    record Done(String line) implements Outcome {}

    /**
     * Nothing has changed.
     *
     * @param line why, and what to do
     */
    record Refused(String line) implements Outcome {}

    /**
     * A port that is to be shared for a time.
     *
     * @param port here and in WSL
     * @param allow as in {@code [defaults] allow}; empty: the same clients
     */
    record ShareRequest(int port, Set<Protocol> protocols, Duration length, List<String> allow) {}

    /**
     * An open link or session.
     *
     * @param client {@code ADDRESS:PORT}
     * @param target {@code ADDRESS:PORT}; empty while it is not connected
     */
    record LinkView(Protocol protocol, String client, String target, Duration age, long bytesIn, long bytesOut) {}

    /** The forward accepts nobody until it is resumed; links go on. */
    Outcome pause(String forward);

    Outcome resume(String forward);

    Outcome share(ShareRequest request);

    /**
     * Ends a share before its time.
     *
     * @param name of the forward that it has made
     */
    Outcome stopShare(String name);

    /** Cuts off a link, or a session, of which the next datagram begins another. */
    Outcome end(String forward, Protocol protocol, InetSocketAddress client);

    /** Asks WSL where it is, as soon as that may be done again. */
    Outcome probe();

    /** The open links and sessions of a forward; empty if there is no such forward. */
    Optional<List<LinkView>> links(String forward);
}
