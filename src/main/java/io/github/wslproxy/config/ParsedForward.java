package io.github.wslproxy.config;

import io.github.wslproxy.config.TomlTableReader.Located;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.SafeText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tomlj.TomlPosition;

/**
 * A {@code [[forward]]} whose protocol and listen entries could be read; other keys of it may have been refused.
 *
 * @param start the place of what is missing
 * @param nameAt empty: the name was made of protocol and ports
 * @param targetAt where a problem of the target is reported
 * @param isEnabled false: it is checked by itself, and is not there for the others
 * @param ownBlocks how many entries its own {@code allow} and {@code deny} have
 * @param target empty if it was refused
 */
record ParsedForward(
        TomlPosition start,
        Optional<TomlPosition> nameAt,
        TomlPosition targetAt,
        boolean isEnabled,
        int ownBlocks,
        String name,
        Set<Protocol> protocols,
        List<Located<Endpoint>> listens,
        Optional<Endpoint> target,
        ForwardDefaults options) {

    int line() {
        return start.line();
    }

    /** Whether it leads to WSL or listens for it. */
    boolean needsWsl() {
        return Stream.concat(target.stream(), listens.stream().map(Located::value))
                .anyMatch(endpoint -> endpoint.host() instanceof Host.Wsl);
    }

    /** The name of the forward in messages. */
    String label() {
        return "forward " + SafeText.quoted(name);
    }

    /** The forward; call it only if nothing was refused. */
    Forward forward() {
        List<Endpoint> endpoints = listens.stream().map(Located::value).toList();
        return new Forward(
                name,
                protocols,
                endpoints,
                target.orElseThrow(),
                options.access(),
                options.timeouts(),
                options.limits(),
                options.proxyProtocol());
    }
}
