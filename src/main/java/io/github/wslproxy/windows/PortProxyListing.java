package io.github.wslproxy.windows;

import java.util.List;
import java.util.Optional;

/**
 * The portproxy rules that were found.
 *
 * @param rules no two listen on the same address and port
 * @param rejected rows that are no such rule
 */
public record PortProxyListing(List<PortProxyRule> rules, List<Rejected> rejected) {
    static final PortProxyListing NONE = new PortProxyListing(List.of(), List.of());

    public PortProxyListing {
        rules = List.copyOf(rules);
        rejected = List.copyOf(rejected);
    }

    /**
     * A row that is no rule.
     *
     * @param row as it was found, on one line and fit for a terminal
     * @param deleteCommand how to be rid of it, as far as what it listens on is known
     */
    public record Rejected(String row, String reason, Optional<String> deleteCommand) {}

    public boolean isEmpty() {
        return rules.isEmpty() && rejected.isEmpty();
    }
}
