package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.Duty;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Route;
import io.github.wslproxy.target.TargetState;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the datagrams of one listening socket go now. Asked for each datagram, so that all sessions follow a target that
 * moves, or another target; as a rule that costs two volatile reads. Belongs to one event loop.
 */
final class Destination {
    private final Supplier<Duty> duty;
    private final LoopGuard loopGuard;
    private @Nullable Duty seenDuty;
    private @Nullable TargetState seen;
    private @Nullable InetSocketAddress address;
    private String problem = "";
    private boolean absent;

    Destination(Supplier<Duty> duty, LoopGuard loopGuard) {
        this.duty = duty;
        this.loopGuard = loopGuard;
    }

    /** Null while there is nowhere to send to; {@link #problem} then says why. */
    @Nullable
    @SuppressWarnings("ReferenceEquality") // Asked for each datagram; a duty that is equal but another only looks anew.
    InetSocketAddress current() {
        Duty now = duty.get();
        return address != null && now == seenDuty && now.source().current() == seen ? address : look();
    }

    /** As {@link #current}, but sees also a loop that a listener opened meanwhile has closed. */
    @Nullable
    InetSocketAddress look() {
        Duty now = duty.get();
        TargetState state = now.source().current();
        seenDuty = now;
        seen = state;
        address = state.address()
                .map(host -> new InetSocketAddress(host, now.route().targetPort()))
                .orElse(null);
        absent = address == null;
        if (address == null) {
            problem = "its target is not there: " + state.reason();
        } else if (loopGuard.leadsBack(Protocol.UDP, address)) {
            problem = "its target " + Peer.name(address) + " is wslproxy itself";
            address = null;
        }
        return address;
    }

    /** Where the socket listens, and for what. */
    Route route() {
        return duty.get().route();
    }

    String problem() {
        return problem;
    }

    /** How long a datagram may be kept now instead; zero: not at all. */
    Duration hold() {
        return absent ? duty.get().source().hold() : Duration.ZERO;
    }

    /** A datagram is being kept. */
    void want() {
        duty.get().source().want();
    }

    /** A datagram could not be sent there. */
    void suspect() {
        duty.get().source().suspect();
    }
}
