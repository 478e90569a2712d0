package io.github.wslproxy.target;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What is known about a target. Each state carries, as words for a person, how it came to be known. */
public sealed interface TargetState {
    /** Why this state, as part of a sentence; never empty. */
    String reason();

    /**
     * Every address of the target, the likeliest first; empty while there is nowhere to connect to. Unmodifiable, and
     * the same list each time: whoever asks for each datagram sees by that whether anything has changed.
     */
    default List<InetAddress> addresses() {
        return List.of();
    }

    /** The first of {@link #addresses()}, for people and for whoever can use one address only. */
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

        /** With one address only. */
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

        /** With that address. */
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
