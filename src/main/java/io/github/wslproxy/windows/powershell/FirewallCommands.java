package io.github.wslproxy.windows.powershell;

import java.util.List;
import java.util.stream.Collectors;

/** The commands about the firewall and its networks, each in one line, for an administrator. */
public final class FirewallCommands {
    /** The group of the rules of wslproxy, with which their displayed names begin too. */
    public static final String GROUP = "wslproxy";

    private static final String IF_ANY = " -ErrorAction SilentlyContinue";

    private FirewallCommands() {}

    /** Removes the rule of that name and no other; fails if there is none. */
    public static String removeRule(String name) {
        return "Remove-NetFirewallRule -Name " + Literals.pattern(name);
    }

    /** Removes the rule of that name, if there is one. */
    public static String removeRuleIfAny(String name) {
        return removeRule(name) + IF_ANY;
    }

    /** Removes all rules of wslproxy; fails if there is none. */
    public static String removeRules() {
        return "Remove-NetFirewallRule -Group '" + GROUP + "'";
    }

    /** Removes those rules of wslproxy that have none of these names, if there are such. */
    public static String removeRulesExcept(List<String> names) {
        String others = names.isEmpty()
                ? ""
                : " | Where-Object Name -notin "
                        + names.stream().map(Literals::text).collect(Collectors.joining(","));
        return "Get-NetFirewallRule -Group '" + GROUP + "'" + IF_ANY + others + " | Remove-NetFirewallRule";
    }

    /**
     * Removes the rules of wslproxy in the Hyper-V firewall, if there are such. Rules there have no group. Windows 10
     * has no such firewall, and no such commands.
     */
    public static String removeHyperVRules() {
        return "if (Get-Command Get-NetFirewallHyperVRule" + IF_ANY + ") { Get-NetFirewallHyperVRule" + IF_ANY
                + " | Where-Object DisplayName -like '" + GROUP + " *' | Remove-NetFirewallHyperVRule }";
    }

    /**
     * Ends "Block all incoming connections, including those in the list of allowed apps".
     *
     * @param profiles the words of Windows for them, at least one: {@code Domain}
     */
    public static String letRulesCount(List<String> profiles) {
        return "Set-NetFirewallProfile -Profile " + Literals.list(profiles) + " -AllowInboundRules True";
    }

    /**
     * Makes the network a private one.
     *
     * @param adapter the alias of the interface: {@code Wi-Fi}
     */
    public static String makePrivate(String adapter) {
        return "Set-NetConnectionProfile -InterfaceAlias " + Literals.pattern(adapter) + " -NetworkCategory Private";
    }
}
