package io.github.wslproxy.target;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What is known about a target. Each state tells a person how it came to be known. */
public sealed interface TargetState {
    /** Why this state, as part of a sentence; never empty. */
    String reason();

    /**
     * Every address of the target, the likeliest first; empty while there is nowhere to connect to. The list is
     * unmodifiable and the same object each time, which tells the code that asks for each datagram that nothing has
     * changed.
     */
    default List<InetAddress> addresses() {
        return List.of();
    }

    /** The first of {@link #addresses()}, for people and for code that uses only one. */
    default Optional<InetAddress> address() {
        return addresses().stream().findFirst();
    }

    /** The word used in the status JSON: up, down, unknown or on-lan. */
    String word();

    /**
     * The target can be connected to.
     *
     * @param addresses at least one
     */
    record Up(List<InetAddress> addresses, String reason) implements TargetState {
        public Up {
            addresses = List.copyOf(addresses);
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("a target that is up has an address");
            }
        }

        /** A target with one address. */
        public Up(InetAddress address, String reason) {
            this(List.of(address), reason);
        }

        @Override
        public String word() {
            return "up";
        }
    }

    /** The VM is not running. */
    record Down(String reason) implements TargetState {
        @Override
        public String word() {
            return "down";
        }
    }

    /** Nothing has been learned yet. Clients are treated as while it is down. */
    record Unknown(String reason) implements TargetState {
        @Override
        public String word() {
            return "unknown";
        }
    }

    /**
     * WSL shares the addresses of Windows: its ports are on the LAN already, and a listener on the same port would take
     * the port away from the guest.
     *
     * @param mode what WSL calls it: mirrored, virtioproxy, consomme or wsl1
     * @param addresses one, the Windows-side address at which a port of the guest answers
     */
    record OnLan(String mode, List<InetAddress> addresses, String reason) implements TargetState {
        public OnLan {
            addresses = List.copyOf(addresses);
            if (addresses.size() != 1) {
                throw new IllegalArgumentException("a port of the guest answers at one address");
            }
        }

        /** WSL whose ports answer at {@code reach}. */
        public OnLan(String mode, InetAddress reach, String reason) {
            this(mode, List.of(reach), reason);
        }

        /** The Windows-side address at which a port of the guest answers. */
        public InetAddress reach() {
            return addresses.get(0);
        }

        @Override
        public String word() {
            return "on-lan";
        }
    }
}
