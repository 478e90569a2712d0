package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
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
 * @param remote which clients: Any alone, or LocalSubnet and addresses
 * @param profiles on which networks; for {@link Door#FROM_WSL} all
 * @param program whose path it is for; empty: whichever listens
 */
public record Opening(
        String name,
        List<String> forwards,
        Door door,
        Protocol protocol,
        List<PortRange> ports,
        List<String> remote,
        Set<NetworkCategory> profiles,
        Optional<String> program) {

    /** The names of all rules begin with it, and it is the group of those that can have one. */
    static final String GROUP = "wslproxy";

    /** What WSL's VMs are known by (microsoft/WSL, WslCoreNetworkingSupport.h). */
    private static final String WSL_VM_CREATOR = "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}";

    /** Where clients come from, and so which firewall is in their way. */
    public enum Door {
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

    public Opening {
        forwards = List.copyOf(forwards);
        ports = List.copyOf(ports);
        remote = List.copyOf(remote);
        profiles = NetworkCategory.inOrder(profiles);
    }

    /** Whether wslproxy is what listens there. */
    boolean isOurs() {
        return door == Door.LAN || door == Door.FROM_WSL;
    }

    /** Whether it is for wherever WSL's network may be, as nobody knows where it is. */
    public boolean isForAnyWslNetwork() {
        return door == Door.FROM_WSL && remote.contains(RemoteScope.WSL_NETWORKS);
    }

    /** The PowerShell commands that make the rule, instead of one of its name, in ASCII. */
    List<String> commands() {
        return door == Door.TO_WSL
                ? List.of(command())
                : List.of(
                        "Remove-NetFirewallRule -Name " + PowerShellText.quoted(name)
                                + " -ErrorAction SilentlyContinue",
                        command());
    }

    /** The PowerShell command that makes the rule, in ASCII. */
    public String command() {
        return door == Door.TO_WSL ? hyperVCommand() : ruleCommand();
    }

    private String ruleCommand() {
        return "New-NetFirewallRule -Name " + PowerShellText.quoted(name)
                + " -DisplayName " + PowerShellText.quoted(displayName())
                + " -Group '" + GROUP + "' -Direction Inbound -Action Allow -Protocol " + protocol.name()
                + " -LocalPort " + portList()
                + " -Profile " + (door == Door.FROM_WSL ? "Any" : profileList())
                + " -RemoteAddress " + addressList(remote)
                + program.map(path -> " -Program " + PowerShellText.quoted(path))
                        .orElse("");
    }

    private String hyperVCommand() {
        List<String> addresses = RemoteScope.withoutWords(remote);
        return "New-NetFirewallHyperVRule -Name " + PowerShellText.quoted(name)
                + " -DisplayName " + PowerShellText.quoted(displayName())
                + " -Direction Inbound -Action Allow -VMCreatorId '" + WSL_VM_CREATOR + "' -Protocol "
                + protocol.name() + " -LocalPorts " + portList() + " -Profiles " + profileList()
                + (remote.contains(RemoteScope.ANY) ? "" : " -RemoteAddresses " + addressList(addresses));
    }

    /** What Windows shows: {@code wslproxy TCP 5173,8000-8010}. */
    String displayName() {
        return GROUP + " " + protocol.name() + " " + portList();
    }

    /** Whether it lets in fewer than {@code private} allows: what a router brings from other networks stays out. */
    public boolean isForLocalSubnet() {
        return (door == Door.LAN || door == Door.SHARED) && remote.contains(RemoteScope.LOCAL_SUBNET);
    }

    /** For a person: who may come to what, from where. */
    public String description() {
        String who = remote.contains(RemoteScope.ANY)
                ? "every address"
                : String.join(", ", remote).replace(RemoteScope.LOCAL_SUBNET, "the local subnet");
        String where =
                switch (door) {
                    case LAN, SHARED -> " on " + profileWords() + " networks";
                    case FROM_WSL -> " in WSL";
                    case TO_WSL -> " on " + profileWords() + " networks, to WSL itself";
                };
        return String.join(", ", forwards) + ": " + protocol.name() + " " + portList() + " from " + who + where;
    }

    static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
    }

    private String portList() {
        return ports.stream().map(PortRange::toString).collect(Collectors.joining(","));
    }

    private String profileList() {
        return profiles.stream().sorted().map(NetworkCategory::toString).collect(Collectors.joining(","));
    }

    private String profileWords() {
        return profileList().toLowerCase(Locale.ROOT).replace(",", " and ");
    }

    private static String addressList(List<String> addresses) {
        return addresses.stream()
                .map(entry -> AddressSpan.read(entry).isPresent() ? PowerShellText.quoted(entry) : entry)
                .collect(Collectors.joining(","));
    }
}
