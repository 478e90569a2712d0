package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.WslSide;
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

    private final Access access;
    private final WslSide wslSide;
    private final ClientSlots slots;
    private final Totals.Gate gate;
    private final EarlyDrop.@Nullable Table brief;

    /**
     * To a forward none of whose clients gives way to another.
     *
     * @param slots of the forward
     * @param totals of the program
     */
    public Admission(Access access, WslSide wslSide, ClientSlots slots, Totals totals, Protocol protocol) {
        this(access, wslSide, slots, totals, protocol, null);
    }

    /**
     * To a forward.
     *
     * @param slots of the forward
     * @param totals of the program
     * @param brief the sessions that give way where a cap is reached; null: none does
     */
    public Admission(
            Access access,
            WslSide wslSide,
            ClientSlots slots,
            Totals totals,
            Protocol protocol,
            EarlyDrop.@Nullable Table brief) {
        this.access = access;
        this.wslSide = wslSide;
        this.slots = slots;
        this.gate = totals.gate(protocol);
        this.brief = brief;
    }

    /**
     * Lets a client in, who then holds a slot until {@link #leave}, or says why not.
     *
     * @param route what the client came to
     * @return the reason of a refusal; empty if the client is in
     */
    public Optional<String> enter(Client client, Route route) {
        InetAddress address = client.address();
        if (!(client.own() ? permitsOwn(address) : permitsOther(client))) {
            return Optional.of("its address is not allowed (allow, deny)");
        }
        if (route.host() instanceof Host.Wsl && !client.own() && !wslSide.isWsl(address)) {
            return Optional.of("it does not come from WSL, and " + route.where() + " is for WSL only");
        }
        if (!gate.rate().take(client)) {
            return Optional.of("limit reached: [limits] max_connection_rate_per_client" + client.sharing());
        }
        if (!gate.memory().permitsOneMore(gate.links().used())) {
            return Optional.of("limit reached: direct memory (-XX:MaxDirectMemorySize)");
        }
        return switch (slotFor(client)) {
            case GRANTED -> takeOfAll(client);
            case FULL -> Optional.of("limit reached: " + gate.key());
            case CLIENT_FULL -> Optional.of("limit reached: " + gate.key() + "_per_client" + client.sharing());
        };
    }

    private ClientSlots.Answer slotFor(Client client) {
        ClientSlots.Answer answer = slots.take(client);
        for (int i = 0; i < MOST_GIVING_WAY && makesRoom(answer, client); i++) {
            answer = slots.take(client);
        }
        return answer;
    }

    private boolean makesRoom(ClientSlots.Answer answer, Client client) {
        if (brief == null) {
            return false;
        }
        return switch (answer) {
            case GRANTED -> false;
            case FULL -> brief.makeRoom();
            case CLIENT_FULL -> brief.makeRoomAmong(client.net());
        };
    }

    private boolean takeTotal() {
        return gate.total().take()
                || (brief != null && brief.makeRoomInProgram() && gate.total().take());
    }

    private Optional<String> takeOfAll(Client client) {
        if (takeTotal()) {
            return Optional.empty();
        }
        gate.total().countRefused();
        slots.release(client.net());
        return Optional.of("limit reached: [limits] " + gate.key());
    }

    /** Gives back the slot of a client that was let in. */
    public void leave(Client client) {
        slots.release(client.net());
        gate.total().giveBack();
    }

    private boolean permitsOther(Client client) {
        InetAddress address = client.address();
        boolean allowed = access.allows(address) || (client.neighbour() && access.allowsNeighbours());
        boolean denied = access.denies(address) || (client.neighbour() && access.deniesNeighbours());
        return allowed && !denied;
    }

    /** A program of this computer comes from whichever of its addresses it speaks to: it counts as loopback too. */
    private boolean permitsOwn(InetAddress client) {
        InetAddress loopback = client instanceof Inet4Address ? LOOPBACK_4 : LOOPBACK_6;
        boolean allowed = access.allows(client) || access.allows(loopback);
        return allowed && !access.denies(client) && !access.denies(loopback);
    }
}
