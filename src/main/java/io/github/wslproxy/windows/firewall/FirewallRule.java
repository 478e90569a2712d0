package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.windows.powershell.FirewallCommands;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A rule in force about TCP or UDP that comes in.
 *
 * @param id unique, and what PowerShell takes as {@code -Name}
 * @param displayName what Windows shows, for a person; may be a reference to a resource,
 *     {@code @FirewallAPI.dll,-25000}
 * @param blocks true: it blocks; false: it allows
 * @param ofPolicy it comes from a policy of the organisation and cannot be changed on this computer
 * @param profiles where it counts; never empty
 * @param protocols never empty
 * @param ports those of this computer; empty: all
 * @param program the path of the program that it is for; empty: all
 * @param conditional whether it depends on more than these fields tell: interfaces, users, services and so on
 * @param group the group that its maker gave it; empty: none
 */
public record FirewallRule(
        String id,
        String displayName,
        boolean blocks,
        boolean ofPolicy,
        Set<NetworkCategory> profiles,
        Set<Protocol> protocols,
        List<PortRange> ports,
        Optional<String> program,
        RemoteAddresses remote,
        boolean conditional,
        String group) {

    public FirewallRule {
        profiles = NetworkCategory.inOrder(profiles);
        protocols = Set.copyOf(protocols);
        ports = List.copyOf(ports);
    }

    /** A name for a person, in ASCII: the displayed one, unless that is a reference, and what the rule is found by. */
    public String label() {
        String shown = SafeText.ascii(id);
        return displayName.isEmpty() || displayName.startsWith("@")
                ? shown
                : "\"" + SafeText.ascii(displayName) + "\" (" + shown + ")";
    }

    /** Which ports from whom, for a person. */
    public String scope() {
        String which = ports.isEmpty()
                ? "every port"
                : ports.stream().map(PortRange::toString).collect(Collectors.joining(","));
        String who = remote.isAny() ? "every address" : SafeText.ascii(String.join(", ", remote.entries()));
        return protocols.stream().sorted().map(Protocol::name).collect(Collectors.joining("+")) + " " + which + " from "
                + who + (conditional ? ", under conditions" : "");
    }

    /** Whether it is one of those that wslproxy makes. */
    boolean isOurs() {
        return !ofPolicy
                && !blocks
                && (group.equals(FirewallCommands.GROUP) || id.matches(FirewallCommands.GROUP + "-(tcp|udp)(-.*)?"));
    }

    /** Windows asks when a program first listens. A dismissed question leaves {@code TCP Query User{GUID}path}. */
    boolean isOfDismissedPrompt() {
        return blocks && !ofPolicy && id.matches("(?:TCP|UDP) Query User\\{.*");
    }

    /** Whether it is for that program, alone or among others; {@code asked} empty: whether it is for every program. */
    public boolean isFor(Optional<String> asked) {
        return program.isEmpty()
                || asked.filter(program.get()::equalsIgnoreCase).isPresent();
    }

    /** Whether it is about at least one of these ports. */
    public boolean concerns(Protocol protocol, PortRange range) {
        return protocols.contains(protocol)
                && (ports.isEmpty() || ports.stream().anyMatch(own -> own.overlaps(range)));
    }

    /** Whether it allows {@code clients} to come to all of these ports. */
    public boolean letsIn(Protocol protocol, PortRange range, RemoteAddresses clients) {
        boolean all = ports.isEmpty()
                || ports.stream().anyMatch(own -> own.first() <= range.first() && range.last() <= own.last());
        return !blocks && !conditional && protocols.contains(protocol) && all && remote.covers(clients);
    }

    /** Whether it may be about some clients only. */
    public boolean isPartial() {
        return conditional || !remote.isAny();
    }

    /** The command that removes this rule and no other. */
    public String removal() {
        return FirewallCommands.removeRule(id);
    }
}
