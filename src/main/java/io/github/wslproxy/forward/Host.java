package io.github.wslproxy.forward;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The host part of a listen entry or of a target. */
public sealed interface Host {

    /**
     * Whether the host is the literal that stands for every address.
     *
     * @param family {@link Inet4Address} for {@code 0.0.0.0}, {@link Inet6Address} for {@code ::}, InetAddress for
     *     either
     */
    default boolean isWildcard(Class<? extends InetAddress> family) {
        return this instanceof Address address && family.isInstance(address.value) && address.value.isAnyLocalAddress();
    }

    /** Every address of this computer, IPv4 and IPv6: what {@code port = N} listens on. Never a target. */
    record Everywhere() implements Host {
        @Override
        public String toString() {
            return "*";
        }
    }

    /** The WSL VM, wherever it currently is; in a listen entry, the Windows side of its adapter. */
    record Wsl() implements Host {
        @Override
        public String toString() {
            return "wsl";
        }
    }

    /** A literal address; {@code 0.0.0.0} and {@code ::} are wildcards of a listen entry. */
    record Address(InetAddress value) implements Host {
        @Override
        public String toString() {
            return IpLiteral.bracketed(value);
        }
    }

    /**
     * A name, which is looked up when it is needed and never on an event loop. An IPv6 address in brackets is a name,
     * too, if its adapter was not there when the file was read, as Java has no address without its adapter; the look-up
     * finds out whether the adapter is back.
     */
    record Name(String value) implements Host {
        /** Whether the name is an address that waits for its adapter. */
        public boolean isAwayAdapter() {
            return value.startsWith("[");
        }

        /**
         * Sorts IPv4 first, and else keeps the order: a name such as localhost often has an IPv6 address that nothing
         * listens on.
         */
        public static List<InetAddress> inOrder(InetAddress... found) {
            return Stream.of(found)
                    .sorted(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                    .toList();
        }

        @Override
        public String toString() {
            return value;
        }
    }
}
