package io.github.wslproxy.relay;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.target.TargetSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a listener's socket is for. An edited configuration may give it another one for the same address.
 *
 * @param mapping where it listens, and the target port behind it
 * @param source where the target's address comes from
 */
public record ListenerConfig(Forward forward, PortMapping mapping, TargetSource source) {
    /** The addresses of the target now, in the order in which to try; empty while it is nowhere. */
    public List<InetSocketAddress> targets() {
        int port = mapping.targetPort();
        List<InetAddress> addresses = source.addresses(port);
        List<InetSocketAddress> targets = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            targets.add(new InetSocketAddress(address, port));
        }
        return targets;
    }

    /** Whether it is WSL's relay on localhost, if it is not wslproxy itself. */
    public boolean isLocalhostRelay(InetSocketAddress target) {
        return source.isLocalhostRelay(target.getAddress());
    }

    /** Whether all of {@code targets} are WSL's relay on localhost; true also if there are none. */
    public boolean isLocalhostOnly(List<InetSocketAddress> targets) {
        for (InetSocketAddress target : targets) {
            if (!isLocalhostRelay(target)) {
                return false;
            }
        }
        return true;
    }

    /** The address that a client would be sent to first, unless it goes through WSL's relay on localhost. */
    public Optional<InetSocketAddress> target() {
        return ownTargets().findFirst();
    }

    /** Where the target is now, without WSL's relay on localhost. */
    public Stream<InetSocketAddress> ownTargets() {
        return targets().stream().filter(target -> !isLocalhostRelay(target));
    }
}
