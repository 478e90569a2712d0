package io.github.wslproxy.app;

import io.github.wslproxy.config.ForwardDefaults;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.AdminApi.ShareRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * A port that is shared for a time.
 *
 * @param end when it is over
 * @param forward carries it out, as the {@code [defaults]} of now have it
 */
record Share(ShareRequest request, End end, Forward forward) {

    /**
     * @throws IllegalArgumentException if {@code defaults} let in fewer than the request asks for; the message is for
     *     the user
     */
    static Share of(ShareRequest request, End end, ForwardDefaults defaults) {
        PortRange port = PortRange.of(request.port());
        Access access = request.allow().isEmpty() ? defaults.access() : defaults.narrowed(request.allow());
        Forward forward = Forward.everywhere(
                nameOf(request),
                request.protocols(),
                port,
                access,
                defaults.timeouts(),
                defaults.limits(),
                defaults.proxyProtocol());
        return new Share(request, end, forward);
    }

    static String nameOf(ShareRequest request) {
        return "share-" + request.port() + (request.protocols().equals(Set.of(Protocol.UDP)) ? "-udp" : "");
    }

    /**
     * The earlier of two moments. The computer's clock may be set back, which must not keep a port open; the other one
     * stands still while the computer sleeps.
     *
     * @param at by the clock of the computer
     * @param nanos as {@link System#nanoTime} counts
     */
    record End(Instant at, long nanos) {
        static End after(Duration length, Instant now, long nanoTime) {
            return new End(now.plus(length), nanoTime + length.toNanos());
        }

        /** Not positive: it is over. */
        Duration left(Instant now, long nanoTime) {
            Duration byClock = Duration.between(now, at);
            Duration byNanos = Duration.ofNanos(nanos - nanoTime);
            return byClock.compareTo(byNanos) < 0 ? byClock : byNanos;
        }
    }

    String name() {
        return forward.name();
    }
}
