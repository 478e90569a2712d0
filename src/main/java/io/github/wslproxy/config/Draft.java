package io.github.wslproxy.config;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A {@code [[forward]]} whose protocol and listen entries could be read; other keys of it may have been refused.
 *
 * @param target empty if it was refused
 */
record Draft(
        Section section,
        String name,
        Set<Protocol> protocols,
        List<Placed<Endpoint>> listens,
        Optional<Endpoint> target,
        Knobs knobs) {

    int line() {
        return section.start().line();
    }

    /** Whether it leads to WSL or listens for it. */
    boolean needsWsl() {
        return Stream.concat(target.stream(), listens.stream().map(Placed::value))
                .anyMatch(endpoint -> endpoint.host() instanceof Host.Wsl);
    }

    /** As messages name it. */
    String label() {
        return "forward " + Shown.quoted(name);
    }

    /** Call only once nothing was refused. */
    Forward forward() {
        List<Endpoint> endpoints = listens.stream().map(Placed::value).toList();
        return new Forward(
                name,
                protocols,
                endpoints,
                target.orElseThrow(),
                knobs.access(),
                knobs.timeouts(),
                knobs.limits(),
                knobs.proxyProtocol());
    }
}
