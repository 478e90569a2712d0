package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where the datagrams of one listening socket go now. Asked for each datagram, so that all sessions follow a target that
 * moves; as a rule that costs one volatile read. Belongs to one event loop.
 */
final class Destination {
    private final TargetSource source;
    private final LoopGuard loopGuard;
    private final int port;
    private @Nullable TargetState seen;
    private @Nullable InetSocketAddress address;
    private String problem = "";

    Destination(TargetSource source, LoopGuard loopGuard, int port) {
        this.source = source;
        this.loopGuard = loopGuard;
        this.port = port;
    }

    /** Null while there is nowhere to send to; {@link #problem} then says why. */
    @Nullable
    InetSocketAddress current() {
        return address != null && source.current() == seen ? address : look();
    }

    /** As {@link #current}, but sees also a loop that a listener opened meanwhile has closed. */
    @Nullable
    InetSocketAddress look() {
        TargetState state = source.current();
        seen = state;
        address = state.address().map(host -> new InetSocketAddress(host, port)).orElse(null);
        if (address == null) {
            problem = "its target is not there: " + state.reason();
        } else if (loopGuard.leadsBack(Protocol.UDP, address)) {
            problem = "its target " + Peer.name(address) + " is wslproxy itself";
            address = null;
        }
        return address;
    }

    String problem() {
        return problem;
    }

    /** A datagram could not be sent there. */
    void suspect() {
        source.suspect();
    }
}
