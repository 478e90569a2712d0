package io.github.wslproxy.relay.udp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.PortMapping;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.SocketErrors;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells where the datagrams of one listening socket go now, and which address of this computer they leave from. It is
 * asked for each datagram, so that all sessions follow a target that moves, or another target; as a rule that costs a
 * few volatile reads. Belongs to one event loop.
 */
final class UdpTarget {
    /** A target that nothing leads to is not looked for again until then, though datagrams come. */
    private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<ListenerConfig> config;
    private final LoopGuard loopGuard;
    private final LocalAddresses localAddresses;
    private final UdpSocketFactory sockets;
    private @Nullable ListenerConfig seenConfig;
    private @Nullable List<InetAddress> seen;
    private @Nullable Set<InetAddress> seenLocal;
    private @Nullable InetSocketAddress address;
    private List<InetSocketAddress> looked = List.of();
    private @Nullable InetSocketAddress found;
    private long lookedAt;
    private @Nullable Source source;
    private String noWay = "";
    private Refusal problem;
    private boolean absent;

    /**
     * The address that datagrams leave from.
     *
     * @param appearance see {@link LocalAddresses#appearance}; on Windows a socket hears nothing any more once its
     *     address has been away
     */
    record Source(InetAddress address, long appearance) {}

    UdpTarget(
            Supplier<ListenerConfig> config,
            LoopGuard loopGuard,
            LocalAddresses localAddresses,
            UdpSocketFactory sockets) {
        this.config = config;
        this.loopGuard = loopGuard;
        this.localAddresses = localAddresses;
        this.sockets = sockets;
        ListenerConfig first = config.get();
        this.problem = Refusal.targetAbsent(first.source().current(), first.forward());
    }

    /** Null while there is nowhere to send to; {@link #problem} then says why. */
    @Nullable
    @SuppressWarnings("ReferenceEquality") // Asked for each datagram; what is equal but another only looks anew.
    InetSocketAddress current() {
        ListenerConfig now = config.get();
        boolean known = address != null
                && now == seenConfig
                && now.source().addresses(now.mapping().targetPort()) == seen
                && localAddresses.current() == seenLocal;
        return known ? address : look();
    }

    /** Looks anew: a listener that was opened meanwhile may have closed a loop, which {@link #current} does not see. */
    @Nullable
    InetSocketAddress look() {
        ListenerConfig now = config.get();
        int port = now.mapping().targetPort();
        List<InetAddress> all = now.source().addresses(port);
        absent = all.isEmpty();
        if (absent) {
            address = null;
            problem = Refusal.targetAbsent(now.source().current(), now.forward());
        } else {
            address = firstOf(all, port);
        }
        seenConfig = now;
        seen = all;
        return address;
    }

    /** The first that does not lead back here, and that an adapter of this computer leads to. */
    private @Nullable InetSocketAddress firstOf(List<InetAddress> all, int port) {
        List<InetSocketAddress> others = all.stream()
                .map(each -> new InetSocketAddress(each, port))
                .filter(each -> !loopGuard.leadsBack(Protocol.UDP, each))
                .toList();
        if (others.isEmpty()) {
            problem = Refusal.loop(new InetSocketAddress(all.get(0), port));
            return null;
        }
        InetSocketAddress first = firstLedTo(others);
        if (first == null) {
            problem = Refusal.noWay(others.get(0), noWay);
        }
        return first;
    }

    @SuppressWarnings("ReferenceEquality") // The addresses of this computer are another object when they have changed.
    private @Nullable InetSocketAddress firstLedTo(List<InetSocketAddress> targets) {
        Set<InetAddress> local = localAddresses.current();
        long now = System.nanoTime();
        boolean isKnown =
                targets.equals(looked) && local == seenLocal && (source != null || now - lookedAt < LOOK_AGAIN_NANOS);
        if (!isKnown) {
            looked = targets;
            lookedAt = now;
            seenLocal = local;
            lookAt(targets);
        }
        return found;
    }

    private void lookAt(List<InetSocketAddress> targets) {
        found = null;
        source = null;
        for (Iterator<InetSocketAddress> each = targets.iterator(); source == null && each.hasNext(); ) {
            InetSocketAddress target = each.next();
            source = leadingTo(target);
            found = source == null ? null : target;
        }
    }

    private @Nullable Source leadingTo(InetSocketAddress target) {
        try {
            InetAddress leading = sockets.leadingTo(target);
            return new Source(leading, localAddresses.appearance(leading));
        } catch (IOException | RuntimeException none) {
            noWay = SocketErrors.of(none);
            return null;
        }
    }

    /** The address of this computer that leads to what {@link #current} has just returned; null if that was null. */
    @Nullable
    Source source() {
        return source;
    }

    /** Whether there are other addresses to turn to where this one fails. */
    boolean isOneOfSeveral() {
        return seen != null && seen.size() > 1;
    }

    /** Whether {@code client} is the target, at whichever of its addresses, as {@link #look} has just found it. */
    boolean isTarget(InetSocketAddress client) {
        return seen != null && client.getPort() == mapping().targetPort() && seen.contains(client.getAddress());
    }

    /** The mapping that the socket listens for. */
    PortMapping mapping() {
        return config.get().mapping();
    }

    /** How long a session may be silent. */
    Duration idleTimeout() {
        return config.get().forward().timeouts().udpIdle();
    }

    /** Why there is nowhere to send to, where that is so. */
    Refusal problem() {
        return problem;
    }

    /** How long a datagram may be kept now instead; zero: not at all. */
    Duration holdTimeout() {
        return absent ? config.get().source().holdTimeout() : Duration.ZERO;
    }

    /** A datagram is being kept. */
    void requestWake() {
        config.get().source().requestWake();
    }

    /** An answer has come from there. */
    void worked(InetSocketAddress target) {
        config.get().source().worked(target);
    }

    /**
     * A datagram did not get there.
     *
     * @param target where it was sent to; null if it was not sent
     */
    void failed(@Nullable InetSocketAddress target) {
        if (target == null) {
            config.get().source().connectFailed();
        } else {
            config.get().source().failed(target);
        }
    }
}
