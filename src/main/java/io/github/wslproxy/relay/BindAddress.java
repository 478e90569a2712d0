package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.HostAdapter;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where one listener belongs, as the target, WSL and the adapters of this computer are now. Safe for any thread. */
final class BindAddress {
    private final LocalAddresses localAddresses;
    private final HostAdapter wslSide;
    private final ListenerConfig duty;

    /**
     * An address to bind to.
     *
     * @param address null for every address of both families
     * @param appearance see {@link LocalAddresses#appearance}; a socket is bound to one appearance of its address
     */
    record Spot(@Nullable InetAddress address, long appearance) {
        /** Nothing can be bound to it: WSL has gone since {@link #closedBecause} was asked. */
        static final Spot NONE = new Spot(null, LocalAddresses.ABSENT);

        boolean isGone() {
            return appearance == LocalAddresses.ABSENT;
        }
    }

    BindAddress(RelayContext context, ListenerConfig duty) {
        this.localAddresses = context.localAddresses();
        this.wslSide = context.wslSide();
        this.duty = duty;
    }

    /** Why it has to stay closed, if it has to. */
    Optional<String> closedBecause() {
        PortMapping route = duty.mapping();
        if (route.host() instanceof Host.Wsl) {
            HostAdapter.AdapterState side = wslSide.current();
            return side.address().isPresent() ? Optional.empty() : Optional.of(side.reason());
        }
        // Where WSL shares the addresses of Windows, a listener here would take the port away from the guest.
        boolean samePortInWsl =
                duty.forward().target().host() instanceof Host.Wsl && route.listenPort() == route.targetPort();
        if (samePortInWsl && duty.source().current() instanceof TargetState.OnLan onLan) {
            return Optional.of("not needed: in " + onLan.mode() + " mode WSL's ports are on the LAN already");
        }
        return Optional.empty();
    }

    /** @param lookedUp what the name stands for, where the duty has one */
    Spot spot(@Nullable InetAddress lookedUp) {
        Host host = duty.mapping().host();
        if (host instanceof Host.Address literal) {
            return spotOf(literal.value());
        }
        if (host instanceof Host.Wsl) {
            return wslSide.current().address().map(this::spotOf).orElse(Spot.NONE);
        }
        return host instanceof Host.Name && lookedUp != null ? spotOf(lookedUp) : new Spot(null, 1);
    }

    private Spot spotOf(InetAddress address) {
        return new Spot(address, localAddresses.appearance(address));
    }
}
