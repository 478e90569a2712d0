package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.target.TargetSource;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What a listener's socket is for. An edited configuration may give it another one for the same address.
 *
 * @param mapping where it listens, and the target port behind it
 * @param source where the target's address comes from
 */
public record ListenerConfig(Forward forward, PortMapping mapping, TargetSource source) {
    /** Where a client would be sent now. */
    Optional<InetSocketAddress> target() {
        int port = mapping.targetPort();
        return source.addresses(port).stream().findFirst().map(address -> new InetSocketAddress(address, port));
    }
}
