package io.github.wslproxy.config;

import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.IpLiteral;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Knows which addresses the hosts of the file stand for on this computer. It is asked only about hosts whose ports
 * meet, so that a name costs a lookup only where that can matter.
 */
final class AddressOverlap {
    static final InetAddress LOOPBACK_V4 = IpLiteral.of("127.0.0.1");
    private static final Set<InetAddress> LOCALHOST = Set.of(LOOPBACK_V4, IpLiteral.of("::1"));

    private final LocalComputer computer;
    private final Optional<InetAddress> vm;
    private final Map<String, Set<InetAddress>> lookedUp = new HashMap<>();
    private @Nullable Set<InetAddress> own;

    /** @param vm the fixed address of the VM, if the file gives one */
    AddressOverlap(LocalComputer computer, Optional<InetAddress> vm) {
        this.computer = computer;
        this.vm = vm;
    }

    /** Whether {@code name} is localhost, in capitals or not, with or without the dot of the DNS root. */
    static boolean isLocalhost(String name) {
        return plain(name).equals("localhost");
    }

    /** True if two listeners on one port would be in each other's way. */
    boolean collide(Host one, Host other) {
        if (takesBothFamilies(one) || takesBothFamilies(other)) {
            return true;
        }
        if (one instanceof Host.Wsl || other instanceof Host.Wsl) {
            return one.equals(other) || one.isWildcard(InetAddress.class) || other.isWildcard(InetAddress.class);
        }
        Set<InetAddress> others = bound(other);
        return bound(one).stream()
                .anyMatch(a -> others.stream().anyMatch(b -> isSame(a, b) || takesAllV4(a, b) || takesAllV4(b, a)));
    }

    /** Which addresses a target stands for, each of which is tried; none if that is not known. */
    Set<InetAddress> targets(Host target) {
        return addresses(target);
    }

    /** True if a connection to {@code address} arrives at a listener on {@code listen}, both of one port. */
    boolean arrives(InetAddress address, Host listen) {
        if (takesBothFamilies(listen)) {
            return isOwn(address);
        }
        if (listen instanceof Host.Wsl) {
            return false; // Its address is known at run time only, when each relay looks for loops again.
        }
        return bound(listen).stream()
                .anyMatch(taken -> isSame(taken, address) || (takesAllV4(taken, address) && isOwn(address)));
    }

    /** Java's socket on {@code ::} takes IPv4 too. */
    private static boolean takesBothFamilies(Host host) {
        return host instanceof Host.Everywhere
                || (host instanceof Host.Address address
                        && address.value() instanceof Inet6Address
                        && address.value().isAnyLocalAddress());
    }

    private static boolean takesAllV4(InetAddress wildcard, InetAddress address) {
        return wildcard instanceof Inet4Address && wildcard.isAnyLocalAddress() && address instanceof Inet4Address;
    }

    /** Link-local addresses are told apart by their interface, which equals() does not look at. */
    private static boolean isSame(InetAddress one, InetAddress other) {
        if (!one.equals(other)) {
            return false;
        }
        int scope = one instanceof Inet6Address v6 ? v6.getScopeId() : 0;
        int otherScope = other instanceof Inet6Address v6 ? v6.getScopeId() : 0;
        return scope == otherScope || scope == 0 || otherScope == 0;
    }

    /** The relays bind one address of a name in {@code listen}: one of IPv4 if the name has one. */
    private Set<InetAddress> bound(Host listen) {
        Set<InetAddress> all = addresses(listen);
        if (!(listen instanceof Host.Name)) {
            return all;
        }
        Set<InetAddress> v4 =
                all.stream().filter(Inet4Address.class::isInstance).collect(Collectors.toSet());
        return v4.isEmpty() ? all : v4;
    }

    /** {@code wsl} stands for the address of the VM, as in a target. */
    private Set<InetAddress> addresses(Host host) {
        if (host instanceof Host.Address literal) {
            return Set.of(literal.value());
        }
        if (host instanceof Host.Name name) {
            return isLocalhost(name.value()) ? LOCALHOST : lookedUp.computeIfAbsent(plain(name.value()), this::lookUp);
        }
        return host instanceof Host.Wsl ? vm.map(Set::of).orElse(Set.of()) : Set.of();
    }

    private Set<InetAddress> lookUp(String name) {
        Set<InetAddress> found = computer.lookup(name);
        return found.isEmpty() && name.equals(plain(computer.hostName())) ? own() : found;
    }

    /** All of 127.0.0.0/8 is this computer, though its interfaces name only one address of it. */
    private boolean isOwn(InetAddress address) {
        return address.isLoopbackAddress() || own().contains(address);
    }

    private Set<InetAddress> own() {
        if (own == null) {
            own = computer.addresses();
        }
        return own;
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
