package io.github.wslproxy.windows;

import io.github.wslproxy.os.ConsoleText;
import java.util.List;
import java.util.Optional;

/**
 * The portproxy rules of this computer, or of a file.
 *
 * @param rules no two listen on the same address and port
 * @param rejected rows that are no such rule
 */
public record PortProxyRules(List<PortProxyRule> rules, List<RejectedRow> rejected) {
    private static final String KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\PortProxy";

    public PortProxyRules {
        rules = List.copyOf(rules);
        rejected = List.copyOf(rejected);
    }

    /**
     * A row that is no rule.
     *
     * @param row as it was found, on one line and fit for a terminal
     * @param deleteCommand how to be rid of it, as far as what it listens on is known
     */
    public record RejectedRow(String row, String reason, Optional<String> deleteCommand) {}

    /**
     * Asks Windows, which needs no administrator and wakes nothing. Blocks for seconds at worst; call it on Windows
     * only.
     */
    public static PortProxyRules ofThisComputer() {
        return of(SystemTools.ofThisComputer(PortOwners.TIMEOUT));
    }

    /** Reads the registry, and netsh's own listing, which is localized, only if the registry names none. */
    static PortProxyRules of(SystemTools tools) {
        PortProxyRules registered = registered(tools);
        return registered.isEmpty()
                ? PortProxyParser.parse(tools.ask("netsh", "interface", "portproxy", "show", "all")
                        .orElse(""))
                : registered;
    }

    /** Reads the values that netsh writes into the registry: {@code 0.0.0.0/3000 = 172.28.176.1/3000}. */
    static PortProxyRules registered(SystemTools tools) {
        return PortProxyParser.parse(tools.ask("reg", "query", KEY, "/s").orElse(""));
    }

    /** The rules in a file that holds the output of reg or netsh, or a registry export; never fails. */
    public static PortProxyRules in(byte[] file) {
        return PortProxyParser.parse(ConsoleText.decode(file));
    }

    public boolean isEmpty() {
        return rules.isEmpty() && rejected.isEmpty();
    }
}
