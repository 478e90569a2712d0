package io.github.wslproxy.app;

import io.github.wslproxy.config.Knobs;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.status.Controls.ShareRequest;
import java.time.Instant;
import java.util.Set;

/**
 * A port that is shared for a time.
 *
 * @param forward carries it out, as the {@code [defaults]} of now have it
 */
record Share(ShareRequest request, Instant endsAt, Forward forward) {

    /** @throws IllegalArgumentException if {@code defaults} let in fewer than the request asks for; the message is for the user */
    static Share of(ShareRequest request, Instant endsAt, Knobs defaults) {
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
        return new Share(request, endsAt, forward);
    }

    static String nameOf(ShareRequest request) {
        return "share-" + request.port() + (request.protocols().equals(Set.of(Protocol.UDP)) ? "-udp" : "");
    }

    String name() {
        return forward.name();
    }
}
