package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.target.HostAdapter;
import io.github.wslproxy.target.TargetState;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells where one listener belongs, as the target, WSL and the adapters of this computer are now, and why it cannot be
 * there. Safe for any thread.
 */
record BindAddress(RelayContext context, ListenerConfig config) {
    static final String NO_SUCH_ADDRESS = "no network adapter has this address now";

    private static final String EITHER = "the port is in use by another program, or not allowed by the system";

    /** The first port that Unix systems, as they come, let any user have. */
    private static final int FIRST_FREE = 1024;

    /**
     * An address to bind to.
     *
     * @param address null for every address of both families
     * @param appearance see {@link LocalAddresses#appearance}; a socket is bound to one appearance of its address
     */
    record Spot(@Nullable InetAddress address, long appearance) {
        /** Nothing to bind to: WSL has gone since {@link #closedBecause} was asked, or a name stands for nothing. */
        static final Spot NONE = new Spot(null, LocalAddresses.ABSENT);

        boolean isGone() {
            return appearance == LocalAddresses.ABSENT;
        }
    }

    /** Why the listener has to stay closed, if it has to. */
    Optional<String> closedBecause() {
        PortMapping mapping = config.mapping();
        if (mapping.host() instanceof Host.Wsl) {
            HostAdapter.AdapterState side = context.hostAdapter().current();
            return side.address().isPresent() ? Optional.empty() : Optional.of(side.reason());
        }
        // If WSL shares the addresses of Windows, a listener here takes the port away from the guest.
        boolean samePortInWsl =
                config.forward().target().host() instanceof Host.Wsl && mapping.listenPort() == mapping.targetPort();
        if (samePortInWsl && config.source().current() instanceof TargetState.OnLan onLan) {
            return Optional.of("not needed: in " + onLan.mode() + " mode WSL's ports are on the LAN already");
        }
        return Optional.empty();
    }

    /** Whether the configuration names it, so that {@link #lookUp} may take as long as the system's resolver likes. */
    boolean isName() {
        return config.mapping().host() instanceof Host.Name;
    }

    /**
     * Finds where to bind; looks a name up.
     *
     * @throws UnknownHostException if a name stands for nothing; its message says so in a sentence
     */
    Spot lookUp() throws UnknownHostException {
        if (!(config.mapping().host() instanceof Host.Name name)) {
            return spot(null);
        }
        try {
            return spotOf(
                    Host.Name.inOrder(InetAddress.getAllByName(name.value())).get(0));
        } catch (UnknownHostException e) {
            throw new UnknownHostException(
                    name.isAwayAdapter()
                            ? "the adapter of " + name + " is not there; listens when it is"
                            : "the name " + name + " is not known");
        } catch (RuntimeException e) {
            throw new UnknownHostException("the name " + name + " cannot be looked up: " + SocketErrors.of(e));
        }
    }

    /** @param lookedUp what the name stands for, where the configuration has one */
    Spot spot(@Nullable InetAddress lookedUp) {
        Host host = config.mapping().host();
        if (host instanceof Host.Address literal) {
            return spotOf(literal.value());
        }
        if (host instanceof Host.Wsl) {
            return context.hostAdapter().current().address().map(this::spotOf).orElse(Spot.NONE);
        }
        return host instanceof Host.Name && lookedUp != null ? spotOf(lookedUp) : new Spot(null, 1);
    }

    private Spot spotOf(InetAddress address) {
        return new Spot(address, context.localAddresses().appearance(address));
    }

    /**
     * Says in one sentence why a socket could not be bound: by type and by what is known here. The text of the system,
     * which may be translated, only refines it.
     *
     * @param local what should have been bound
     */
    static String explain(Throwable cause, InetSocketAddress local, LocalAddresses localAddresses) {
        String systemSays = SocketErrors.of(cause);
        if (!(cause instanceof BindException)) {
            return systemSays;
        }
        if (!localAddresses.contains(local.getAddress())) {
            return NO_SUCH_ADDRESS;
        }
        return OperatingSystem.isWindows() ? EITHER + " (" + systemSays + ")" : onUnix(systemSays, local.getPort());
    }

    /** Windows denies a port also where another program has it to itself, so only Unix can be told apart. */
    static String onUnix(String systemSays, int port) {
        if (systemSays.contains("already in use")) {
            return "the port is in use by another program (" + systemSays + ")";
        }
        if (systemSays.contains("Permission denied")) {
            return "the system does not let this user have the port ("
                    + systemSays
                    + (port < FIRST_FREE ? "): those below 1024 need root, or CAP_NET_BIND_SERVICE on Linux" : ")");
        }
        return EITHER + " (" + systemSays + ")";
    }
}
