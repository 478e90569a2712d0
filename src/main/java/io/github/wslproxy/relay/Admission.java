package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ConnectionLimits.LimitReached;
import io.github.wslproxy.target.HostAdapter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a client may come in: access first, then the limits. Safe for any thread. */
public final class Admission {
    private static final InetAddress LOOPBACK_4 = IpLiteral.of("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = IpLiteral.of("::1");

    private final Protocol protocol;
    private final HostAdapter hostAdapter;
    private final ProgramLimits program;
    private final ConnectionLimits limits;
    private final EvictableSessions.@Nullable Table evictable;
    private volatile Forward forward;

    /**
     * Decides about the clients of one forward.
     *
     * @param program of the program
     * @param evictable the sessions that give way where a limit is reached; null: none does
     */
    public Admission(
            Forward forward,
            Protocol protocol,
            HostAdapter hostAdapter,
            ProgramLimits program,
            EvictableSessions.@Nullable Table evictable) {
        this.forward = forward;
        this.protocol = protocol;
        this.hostAdapter = hostAdapter;
        this.program = program;
        this.evictable = evictable;
        this.limits = new ConnectionLimits(
                program.open(protocol),
                forward.limits().max(protocol),
                forward.limits().maxPerClient(protocol));
    }

    /** Asks other access and limits from now on; what is open beyond them stays. */
    public void change(Forward next) {
        forward = next;
        limits.limit(next.limits().max(protocol), next.limits().maxPerClient(protocol));
    }

    /** Who is in. */
    public ConnectionLimits limits() {
        return limits;
    }

    /**
     * Lets a client in, who then counts until {@link #leave}, or says why not.
     *
     * @param mapping what the client came to
     */
    public Optional<Refusal> enter(ClientKey client, PortMapping mapping) {
        return enter(client, mapping, evictable);
    }

    /**
     * As {@link #enter(ClientKey, PortMapping)}, but no session gives way: to evict one costs far more than to refuse.
     */
    public Optional<Refusal> enterWhereThereIsRoom(ClientKey client, PortMapping mapping) {
        return enter(client, mapping, null);
    }

    private Optional<Refusal> enter(ClientKey client, PortMapping mapping, EvictableSessions.@Nullable Table givesWay) {
        Forward now = forward;
        Optional<Refusal> refusal = access(client, mapping, now);
        if (refusal.isPresent()) {
            return refusal;
        }
        ConnectionRateLimiter rate = program.rate(protocol);
        if (!rate.take(client)) {
            return Optional.of(Refusal.connectionRate(rate.perSecond(), client));
        }
        if (!program.hasMemory()) {
            return Optional.of(Refusal.memory());
        }
        return switch (take(client, givesWay)) {
            case NONE -> Optional.empty();
            case OF_FORWARD -> Optional.of(Refusal.forwardLimit(now, protocol));
            case OF_CLIENT -> Optional.of(Refusal.clientLimit(now, protocol, client));
            case OF_PROGRAM -> {
                Cap all = program.open(protocol);
                all.countRefused();
                yield Optional.of(Refusal.totalLimit(protocol, all.max()));
            }
        };
    }

    /** One session gives way at each limit that is reached, and not more: an edit that sets a lower limit ends none. */
    private LimitReached take(ClientKey client, EvictableSessions.@Nullable Table givesWay) {
        LimitReached reached = limits.take(client);
        if (reached == LimitReached.NONE || givesWay == null) {
            return reached;
        }
        Set<LimitReached> tried = EnumSet.of(reached);
        while (makesRoom(reached, client, givesWay)) {
            reached = limits.take(client);
            if (!tried.add(reached)) {
                break;
            }
        }
        return reached;
    }

    private static boolean makesRoom(LimitReached reached, ClientKey client, EvictableSessions.Table givesWay) {
        return switch (reached) {
            case NONE -> false;
            case OF_FORWARD -> givesWay.makeRoom();
            case OF_CLIENT -> givesWay.makeRoomAmong(client);
            case OF_PROGRAM -> givesWay.makeRoomInProgram();
        };
    }

    /** Makes the room that a client had. */
    public void leave(ClientKey client) {
        limits.giveBack(client);
    }

    private Optional<Refusal> access(ClientKey client, PortMapping mapping, Forward now) {
        Optional<InetAddress> denied = denied(client, now.access());
        if (denied.isPresent()) {
            return Optional.of(Refusal.denied(denied.get(), now));
        }
        if (!isAllowed(client, now.access())) {
            return Optional.of(Refusal.notAllowed(client.address(), now));
        }
        boolean forWslOnly = mapping.host() instanceof Host.Wsl;
        if (forWslOnly && !client.own() && !hostAdapter.isWsl(client.address())) {
            return Optional.of(Refusal.notFromWsl(mapping));
        }
        return Optional.empty();
    }

    /** A program of this computer comes from whichever of its addresses it speaks to: it counts as loopback too. */
    private static boolean isAllowed(ClientKey client, Access access) {
        return access.allows(client.address())
                || (client.neighbour() && access.allowsNeighbours())
                || (client.own() && access.allows(loopback(client)));
    }

    /** Tells which of its addresses is denied. */
    private static Optional<InetAddress> denied(ClientKey client, Access access) {
        if (access.denies(client.address()) || (client.neighbour() && access.deniesNeighbours())) {
            return Optional.of(client.address());
        }
        return client.own() ? Optional.of(loopback(client)).filter(access::denies) : Optional.empty();
    }

    private static InetAddress loopback(ClientKey client) {
        return client.address() instanceof Inet4Address ? LOOPBACK_4 : LOOPBACK_6;
    }
}
