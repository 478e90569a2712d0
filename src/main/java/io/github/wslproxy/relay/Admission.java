package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.target.WslSide;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/** Whether a client may come in: access first, then the caps. Safe for any thread. */
public final class Admission {
    private static final InetAddress LOOPBACK_4 = IpLiteral.of("127.0.0.1");
    private static final InetAddress LOOPBACK_6 = IpLiteral.of("::1");

    private final Access access;
    private final LocalAddresses localAddresses;
    private final WslSide wslSide;
    private final ClientSlots slots;
    private final String limit;

    /** @param limit the key in proxy.toml that caps {@code slots} in all, such as {@code max_connections} */
    public Admission(Access access, LocalAddresses localAddresses, WslSide wslSide, ClientSlots slots, String limit) {
        this.access = access;
        this.localAddresses = localAddresses;
        this.wslSide = wslSide;
        this.slots = slots;
        this.limit = limit;
    }

    /**
     * Lets a client in, who then holds a slot until {@link #leave}, or says why not.
     *
     * @param route what the client came to
     * @return the reason of a refusal; empty if the client is in
     */
    public Optional<String> enter(InetAddress client, Route route) {
        boolean own = localAddresses.contains(client);
        if (!(own ? permitsOwn(client) : access.permits(client))) {
            return Optional.of("its address is not allowed (allow, deny)");
        }
        if (route.host() instanceof Host.Wsl && !own && !wslSide.isWsl(client)) {
            return Optional.of("it does not come from WSL, and " + route.where() + " is for WSL only");
        }
        return switch (slots.take(client)) {
            case GRANTED -> Optional.empty();
            case FULL -> Optional.of("limit reached: " + limit);
            case CLIENT_FULL -> Optional.of("limit reached: " + limit + "_per_client");
        };
    }

    /** Gives back the slot of a client that was let in. */
    public void leave(InetAddress client) {
        slots.release(client);
    }

    /** A program of this computer comes from whichever of its addresses it speaks to: it counts as loopback too. */
    private boolean permitsOwn(InetAddress client) {
        InetAddress loopback = client instanceof Inet4Address ? LOOPBACK_4 : LOOPBACK_6;
        boolean allowed = access.allows(client) || access.allows(loopback);
        return allowed && !access.denies(client) && !access.denies(loopback);
    }
}
