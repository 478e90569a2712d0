package io.github.wslproxy.status;

import com.google.gson.annotations.SerializedName;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a person may do to the running proxy, beside editing its configuration. Safe for any thread; each call may block
 * for some seconds.
 */
public interface AdminApi {

    /**
     * A port that is to be shared for a time.
     *
     * @param port here and in WSL
     * @param allow as in {@code [defaults] allow}, which holds where it is empty
     */
    record ShareRequest(int port, Set<Protocol> protocols, Duration length, List<String> allow) {

        /** The name of the forward that the share makes. */
        public String name() {
            return nameOf(port, protocols);
        }

        public static String nameOf(int port, Set<Protocol> protocols) {
            return "share-" + port + (protocols.equals(Set.of(Protocol.UDP)) ? "-udp" : "");
        }
    }

    /**
     * An open connection or session.
     *
     * @param client {@code ADDRESS:PORT}
     * @param target {@code ADDRESS:PORT}; empty while it is not connected
     */
    record ConnectionView(
            Protocol protocol,
            String client,
            String target,
            @SerializedName("seconds") Duration age,
            long bytesIn,
            long bytesOut) {

        long bytes() {
            return bytesIn + bytesOut;
        }
    }

    /** Has the forward accept nobody until it is resumed; open connections go on. */
    ActionResult pause(String forward);

    ActionResult resume(String forward);

    ActionResult share(ShareRequest request);

    /**
     * Ends a share before its time.
     *
     * @param name of the forward that it has made
     */
    ActionResult stopShare(String name);

    /** Cuts off a connection, or a session; the next datagram of that client begins another session. */
    ActionResult end(String forward, Protocol protocol, InetSocketAddress client);

    /** Asks WSL where it is, as soon as that may be done again. */
    ActionResult probe();

    /** The open connections and sessions of a forward; empty if there is no such forward. */
    Optional<List<ConnectionView>> links(String forward);
}
