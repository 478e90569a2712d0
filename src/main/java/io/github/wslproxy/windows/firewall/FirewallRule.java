package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.Printable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A rule about what comes in, in force and about TCP or UDP.
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
 * @param remoteAddresses as Windows writes them: {@code LocalSubnet}, addresses, blocks, ranges; empty: all
 * @param conditions what else it depends on, by its names: interfaces, users, local addresses and so on; empty: nothing
 * @param group what it belongs to, as whoever made it wished; empty: nothing
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
        List<String> remoteAddresses,
        List<String> conditions,
        String group) {

    public FirewallRule {
        profiles = NetworkCategory.inOrder(profiles);
        protocols = Set.copyOf(protocols);
        ports = List.copyOf(ports);
        remoteAddresses = List.copyOf(remoteAddresses);
        conditions = List.copyOf(conditions);
    }

    /**
     * What to call it in front of a person, in ASCII: its name, unless that is a reference, and what it can be found
     * by.
     */
    public String label() {
        String shown = Printable.ascii(id);
        return displayName.isEmpty() || displayName.startsWith("@")
                ? shown
                : "\"" + Printable.ascii(displayName) + "\" (" + shown + ")";
    }

    /** Which ports from whom, for a person. */
    public String scope() {
        String which = ports.isEmpty()
                ? "every port"
                : ports.stream().map(PortRange::toString).collect(Collectors.joining(","));
        String who = remoteAddresses.isEmpty() ? "every address" : Printable.ascii(String.join(", ", remoteAddresses));
        return protocols.stream().sorted().map(Protocol::name).collect(Collectors.joining("+")) + " " + which + " from "
                + who;
    }

    /** Whether it is about that program; {@code asked} empty: whichever program, of which only rules for all are. */
    boolean coversProgram(Optional<String> asked) {
        return program.isEmpty()
                || asked.filter(program.get()::equalsIgnoreCase).isPresent();
    }

    /** Whether it is about that port of a program; {@code asked} empty: whichever program. */
    boolean covers(Protocol protocol, int port, Optional<String> asked) {
        return protocols.contains(protocol) && coversPort(port) && coversProgram(asked);
    }

    private boolean coversPort(int port) {
        return ports.isEmpty() || ports.stream().anyMatch(range -> range.overlaps(PortRange.of(port)));
    }
}
