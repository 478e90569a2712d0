package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.powershell.FirewallCommands;
import io.github.wslproxy.windows.powershell.NewRule;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One rule that has to be there, so that clients of some forwards are let in.
 *
 * @param name unique, and stable from run to run
 * @param forwards their names, for a person
 * @param ports in ascending order, each once
 * @param remote the clients that it lets in
 * @param profiles the networks on which it counts; for {@link RuleKind#FROM_WSL} all
 * @param program the path of the program that it is for; empty: any program
 */
public record PlannedRule(
        String name,
        List<String> forwards,
        RuleKind kind,
        Protocol protocol,
        List<PortRange> ports,
        RemoteAddresses remote,
        Set<NetworkCategory> profiles,
        Optional<String> program) {

    /** Where clients come from, and so which firewall is in their way. */
    public enum RuleKind {
        /** The LAN comes to Windows. */
        LAN,
        /** The LAN comes to a program of WSL that listens on Windows for its guest: virtioproxy, consomme, WSL 1. */
        SHARED,
        /**
         * Programs in WSL come to Windows. The rule is for the addresses of their network: one for its adapter is lost
         * with the adapter, which Windows makes anew at each boot (microsoft/WSL issue 6731).
         */
        FROM_WSL,
        /** The LAN comes to WSL, which shares the addresses of Windows: mirrored mode. */
        TO_WSL
    }

    public PlannedRule {
        forwards = List.copyOf(forwards);
        ports = List.copyOf(ports);
        profiles = NetworkCategory.inOrder(profiles);
    }

    /** Whether wslproxy is what listens there. */
    boolean isOurs() {
        return kind == RuleKind.LAN || kind == RuleKind.FROM_WSL;
    }

    /**
     * Whether {@code rule} is what the command makes. While nobody knows where the network of WSL is, a rule for some
     * of the addresses it may have is enough.
     */
    boolean isMadeAs(FirewallRule rule) {
        boolean isForSameClients = isForAnyWslNetwork() ? remote.covers(rule.remote()) : remote.isLike(rule.remote());
        return rule.id().equals(name)
                && !rule.blocks()
                && !rule.conditional()
                && rule.protocols().equals(Set.of(protocol))
                && inOrder(rule.ports()).equals(ports)
                && (kind == RuleKind.FROM_WSL || rule.profiles().equals(profiles))
                && rule.program().map(PlannedRule::lowerCase).equals(program.map(PlannedRule::lowerCase))
                && isForSameClients;
    }

    private static List<PortRange> inOrder(List<PortRange> ports) {
        return ports.stream().sorted(Comparator.comparingInt(PortRange::first)).toList();
    }

    private static String lowerCase(String path) {
        return path.toLowerCase(Locale.ROOT);
    }

    /** Whether it is for every network that WSL may have, since its network is not known. */
    public boolean isForAnyWslNetwork() {
        return kind == RuleKind.FROM_WSL && remote.equals(RemoteAddresses.WSL_NETWORKS);
    }

    /** The PowerShell commands that make the rule in place of one of its name, in ASCII. */
    List<String> commands() {
        return kind == RuleKind.TO_WSL
                ? List.of(command())
                : List.of(FirewallCommands.removeRuleIfAny(name), command());
    }

    /** The PowerShell command that makes the rule, in ASCII. */
    public String command() {
        return kind == RuleKind.TO_WSL
                ? newRule(remote.withoutWords(), profileWords()).hyperVCommand()
                : newRule(remote, kind == RuleKind.FROM_WSL ? List.of("Any") : profileWords())
                        .command();
    }

    private NewRule newRule(RemoteAddresses clients, List<String> networks) {
        return new NewRule(name, protocol, ports, networks, clients.entries(), program);
    }

    private List<String> profileWords() {
        return profiles.stream().sorted().map(NetworkCategory::toString).toList();
    }

    /** Whether it lets in fewer than {@code private} allows: clients behind a router stay out. */
    public boolean isForLocalSubnet() {
        return (kind == RuleKind.LAN || kind == RuleKind.SHARED) && remote.hasLocalSubnet();
    }

    /** Who may come to which ports from where, for a person. */
    public String description() {
        String who = remote.isAny()
                ? "every address"
                : String.join(", ", remote.entries()).replace("LocalSubnet", "the local subnet");
        String where =
                switch (kind) {
                    case LAN, SHARED -> " on " + networkWords() + " networks";
                    case FROM_WSL -> " in WSL";
                    case TO_WSL -> " on " + networkWords() + " networks, to WSL itself";
                };
        return String.join(", ", forwards) + ": " + protocol.name() + " " + portList() + " from " + who + where;
    }

    private String portList() {
        return ports.stream().map(PortRange::toString).collect(Collectors.joining(","));
    }

    private String networkWords() {
        return String.join(" and ", profileWords()).toLowerCase(Locale.ROOT);
    }
}
