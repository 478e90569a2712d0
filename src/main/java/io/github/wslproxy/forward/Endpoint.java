package io.github.wslproxy.forward;

/**
 * A host and ports: one listen entry, or a target.
 *
 * @param host a wildcard, an address, a name or WSL
 * @param ports one port or a range
 */
public record Endpoint(Host host, PortRange ports) {

    /**
     * The text of proxy.toml: {@code wsl:5173}, {@code 0.0.0.0:8000-8010}, {@code [::]:53}; {@code *:5173} for
     * everywhere.
     */
    @Override
    public String toString() {
        return host + ":" + ports;
    }
}
