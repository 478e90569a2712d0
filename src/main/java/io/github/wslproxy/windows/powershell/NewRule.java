package io.github.wslproxy.windows.powershell;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A rule of the firewall that lets clients in.
 *
 * @param name unique; {@code wslproxy-tcp}
 * @param ports those of this computer, at least one
 * @param profiles the words of Windows for the networks on which it counts, at least one: {@code Private} or
 *     {@code Any}
 * @param remote the clients that it lets in, at least one: addresses, blocks, ranges, {@code LocalSubnet}, or
 *     {@code Any} alone
 * @param program the path of the program that it is for; empty: any program
 */
public record NewRule(
        String name,
        Protocol protocol,
        List<PortRange> ports,
        List<String> profiles,
        List<String> remote,
        Optional<String> program) {

    /** The firewall knows the VMs of WSL by it (microsoft/WSL, WslCoreNetworkingSupport.h). */
    private static final String WSL_VM_CREATOR = "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}";

    public NewRule {
        ports = List.copyOf(ports);
        profiles = List.copyOf(profiles);
        remote = List.copyOf(remote);
    }

    /** The command that makes it, which fails if there is one of its name. */
    public String command() {
        return "New-NetFirewallRule -Name " + Literals.text(name)
                + " -DisplayName " + Literals.text(displayName())
                + " -Group '" + FirewallCommands.GROUP + "' -Direction Inbound -Action Allow -Protocol "
                + protocol.name()
                + " -LocalPort " + portList()
                + " -Profile " + Literals.list(profiles)
                + " -RemoteAddress " + Literals.list(remote)
                + program.map(path -> " -Program " + Literals.text(path)).orElse("");
    }

    /**
     * The command that makes it in the Hyper-V firewall, for what comes to WSL itself. That firewall knows no words but
     * {@code Any}, and no groups. It came with Windows 11 22H2 (MicrosoftDocs/windows-itpro-docs, hyper-v-firewall.md),
     * as did mirrored mode (MicrosoftDocs/WSL, networking.md), in which alone such a rule is of use.
     */
    public String hyperVCommand() {
        return "New-NetFirewallHyperVRule -Name " + Literals.text(name)
                + " -DisplayName " + Literals.text(displayName())
                + " -Direction Inbound -Action Allow -VMCreatorId '" + WSL_VM_CREATOR + "' -Protocol "
                + protocol.name() + " -LocalPorts " + portList() + " -Profiles " + Literals.list(profiles)
                + (remote.equals(List.of("Any")) ? "" : " -RemoteAddresses " + Literals.list(remote));
    }

    /** What Windows shows: {@code wslproxy TCP 5173,8000-8010}. */
    private String displayName() {
        return FirewallCommands.GROUP + " " + protocol.name() + " " + portList();
    }

    private String portList() {
        return ports.stream().map(PortRange::toString).collect(Collectors.joining(","));
    }
}
