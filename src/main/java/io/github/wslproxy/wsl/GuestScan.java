package io.github.wslproxy.wsl;

import java.util.List;

/** What one look into the VM for listening sockets gave. */
public sealed interface GuestScan {

    /**
     * The sockets could be read.
     *
     * @param distribution the one that was looked into; all WSL 2 distributions share one network
     * @param mode the networking mode, as {@code wslinfo} prints it: nat, mirrored, bridged and so on
     * @param sockets the ones that listen
     */
    record Seen(String distribution, String mode, List<GuestSocket> sockets) implements GuestScan {
        public Seen {
            sockets = List.copyOf(sockets);
        }
    }

    /**
     * Nothing was asked, since the VM would have had to be started for it.
     *
     * @param reason part of a sentence, without a full stop
     */
    record Asleep(String reason) implements GuestScan {}

    /**
     * The sockets could not be read.
     *
     * @param reason part of a sentence, without a full stop
     */
    record Unreadable(String reason) implements GuestScan {}
}
