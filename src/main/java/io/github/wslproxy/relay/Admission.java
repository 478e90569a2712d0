package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.HostAdapter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a client may come in: access first, then the limits. Safe for any thread. */
public final class Admission {
    private static final InetAddress LOOPBACK_4 = IpLiteral.of("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = IpLiteral.of("::1");

    /** A newcomer may need the place of two: one of the forward, then one of its own client's. */
    private static final int MOST_GIVING_WAY = 2;

    private final Forward forward;
    private final Access access;
    private final HostAdapter wslSide;
    private final ConnectionLimits slots;
    private final Protocol protocol;
    private final Totals.Gate gate;
    private final EvictableSessions.@Nullable Table brief;

    /**
     * To a forward none of whose clients gives way to another.
     *
     * @param slots of the forward
     * @param totals of the program
     */
    public Admission(Forward forward, HostAdapter wslSide, ConnectionLimits slots, Totals totals, Protocol protocol) {
        this(forward, wslSide, slots, totals, protocol, null);
    }

    /**
     * To a forward.
     *
     * @param slots of the forward
     * @param totals of the program
     * @param brief the sessions that give way where a cap is reached; null: none does
     */
    public Admission(
            Forward forward,
            HostAdapter wslSide,
            ConnectionLimits slots,
            Totals totals,
            Protocol protocol,
            EvictableSessions.@Nullable Table brief) {
        this.forward = forward;
        this.access = forward.access();
        this.protocol = protocol;
        this.wslSide = wslSide;
        this.slots = slots;
        this.gate = totals.gate(protocol);
        this.brief = brief;
    }

    /**
     * Lets a client in, who then holds a slot until {@link #leave}, or says why not.
     *
     * @param route what the client came to
     * @return why not; empty if the client is in
     */
    public Optional<Refusal> enter(ClientKey client, PortMapping route) {
        return enter(client, route, brief);
    }

    /** As {@link #enter(Client, PortMapping)}, but nobody gives way, which costs far more than a refusal does. */
    public Optional<Refusal> enterWhereThereIsRoom(ClientKey client, PortMapping route) {
        return enter(client, route, null);
    }

    private Optional<Refusal> enter(ClientKey client, PortMapping route, EvictableSessions.@Nullable Table givesWay) {
        InetAddress address = client.address();
        Optional<InetAddress> denied = denied(client);
        if (denied.isPresent()) {
            return Optional.of(Refusal.denied(denied.get(), forward));
        }
        if (!isAllowed(client)) {
            return Optional.of(Refusal.notAllowed(address, forward));
        }
        if (route.host() instanceof Host.Wsl && !client.own() && !wslSide.isWsl(address)) {
            return Optional.of(Refusal.notFromWsl(route));
        }
        if (!gate.rate().take(client)) {
            return Optional.of(Refusal.connectionRate(gate.rate().perSecond(), client));
        }
        if (!gate.buffers().permitsOneMore(gate.links().used())) {
            return Optional.of(Refusal.memory());
        }
        return switch (slotFor(client, givesWay)) {
            case GRANTED -> takeOfAll(client, givesWay);
            case FULL -> Optional.of(Refusal.forwardLimit(forward, protocol));
            case CLIENT_FULL -> Optional.of(Refusal.clientLimit(forward, protocol, client));
        };
    }

    private ConnectionLimits.Answer slotFor(ClientKey client, EvictableSessions.@Nullable Table givesWay) {
        ConnectionLimits.Answer answer = slots.take(client);
        for (int i = 0; i < MOST_GIVING_WAY && givesWay != null && makesRoom(answer, client, givesWay); i++) {
            answer = slots.take(client);
        }
        return answer;
    }

    private static boolean makesRoom(
            ConnectionLimits.Answer answer, ClientKey client, EvictableSessions.Table givesWay) {
        return switch (answer) {
            case GRANTED -> false;
            case FULL -> givesWay.makeRoom();
            case CLIENT_FULL -> givesWay.makeRoomAmong(client);
        };
    }

    private Optional<Refusal> takeOfAll(ClientKey client, EvictableSessions.@Nullable Table givesWay) {
        boolean taken = gate.total().take()
                || (givesWay != null
                        && givesWay.makeRoomInProgram()
                        && gate.total().take());
        if (taken) {
            return Optional.empty();
        }
        gate.total().countRefused();
        slots.release(client);
        return Optional.of(Refusal.totalLimit(protocol, gate.total().max()));
    }

    /** Gives back the slot of a client that was let in. */
    public void leave(ClientKey client) {
        slots.release(client);
        gate.total().giveBack();
    }

    /** A program of this computer comes from whichever of its addresses it speaks to: it counts as loopback too. */
    private boolean isAllowed(ClientKey client) {
        return access.allows(client.address())
                || (client.neighbour() && access.allowsNeighbours())
                || (client.own() && access.allows(loopback(client)));
    }

    /** By which of its addresses it is denied. */
    private Optional<InetAddress> denied(ClientKey client) {
        if (access.denies(client.address()) || (client.neighbour() && access.deniesNeighbours())) {
            return Optional.of(client.address());
        }
        return client.own() ? Optional.of(loopback(client)).filter(access::denies) : Optional.empty();
    }

    private static InetAddress loopback(ClientKey client) {
        return client.address() instanceof Inet4Address ? LOOPBACK_4 : LOOPBACK_6;
    }
}
