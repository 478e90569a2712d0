package io.github.wslproxy.target;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code [wsl]}: where the VM is, or how to ask. At most one of the first three is given.
 *
 * @param distribution empty: the default distribution
 * @param address the fixed address of the VM; empty: ask
 * @param command what to run instead of the built-in probe; empty: the built-in probe
 * @param interval how often to look
 * @param timeout how long one probe may take
 * @param onStopped what a new client gets while the VM is down
 * @param hold how long that client may be kept waiting, unless it is refused
 * @param localhost whether TCP also tries the relay that WSL runs on localhost of Windows
 */
public record WslSettings(
        Optional<String> distribution,
        Optional<InetAddress> address,
        List<String> command,
        Duration interval,
        Duration timeout,
        OnStopped onStopped,
        Duration hold,
        boolean localhost) {
    /** What a new client gets while the VM is down. */
    public enum OnStopped {
        /** The client is reset at once. */
        REFUSE,
        /** The client is kept waiting until the VM is up. */
        HOLD,
        /** The client is kept waiting, and the VM is started for it. */
        WAKE
    }

    public WslSettings {
        command = List.copyOf(command);
    }
}
