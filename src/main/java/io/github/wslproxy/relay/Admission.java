package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.WslSide;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/** Whether a client may come in: access first, then the limits. Safe for any thread. */
public final class Admission {
    private static final InetAddress LOOPBACK_4 = IpLiteral.of("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = IpLiteral.of("::1");

    private final Access access;
    private final WslSide wslSide;
    private final ClientSlots slots;
    private final Totals.Gate gate;

    /**
     * To a forward.
     *
     * @param slots of the forward
     * @param totals of the program
     */
    public Admission(Access access, WslSide wslSide, ClientSlots slots, Totals totals, Protocol protocol) {
        this.access = access;
        this.wslSide = wslSide;
        this.slots = slots;
        this.gate = totals.gate(protocol);
    }

    /**
     * Lets a client in, who then holds a slot until {@link #leave}, or says why not.
     *
     * @param route what the client came to
     * @return the reason of a refusal; empty if the client is in
     */
    public Optional<String> enter(Client client, Route route) {
        InetAddress address = client.address();
        if (!(client.own() ? permitsOwn(address) : access.permits(address))) {
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
        return switch (slots.take(client.net())) {
            case GRANTED -> takeOfAll(client);
            case FULL -> Optional.of("limit reached: " + gate.key());
            case CLIENT_FULL -> Optional.of("limit reached: " + gate.key() + "_per_client" + client.sharing());
        };
    }

    private Optional<String> takeOfAll(Client client) {
        if (gate.total().take()) {
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

    /** A program of this computer comes from whichever of its addresses it speaks to: it counts as loopback too. */
    private boolean permitsOwn(InetAddress client) {
        InetAddress loopback = client instanceof Inet4Address ? LOOPBACK_4 : LOOPBACK_6;
        boolean allowed = access.allows(client) || access.allows(loopback);
        return allowed && !access.denies(client) && !access.denies(loopback);
    }
}
