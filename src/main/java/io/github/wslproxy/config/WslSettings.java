package io.github.wslproxy.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the VM is, or how to ask. At most one of the first three is given.
 *
 * @param distribution empty: the default distribution
 * @param address the fixed address of the VM; empty: ask
 * @param command what to run instead of the built-in probe; empty: the built-in probe
 * @param interval how often to look
 * @param timeout how long one probe may take
 */
public record WslSettings(
        Optional<String> distribution,
        Optional<InetAddress> address,
        List<String> command,
        Duration interval,
        Duration timeout) {
    public WslSettings {
        command = List.copyOf(command);
    }
}
