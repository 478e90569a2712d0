package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.os.AdapterKind;
import io.github.wslproxy.windows.powershell.FirewallCommands;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is read of the firewall. Rules of other programs are not read: whether one of them lets clients in or blocks
 * them is not known.
 *
 * @param rules those in force that wslproxy has made, and those for a Java
 * @param profiles one of each category
 * @param networks those that this computer is connected to now
 * @param route the address of this computer that its default route leaves from; empty if there is none
 */
public record FirewallState(
        List<FirewallRule> rules, List<Profile> profiles, List<Network> networks, Optional<InetAddress> route) {

    public FirewallState {
        rules = List.copyOf(rules);
        profiles = List.copyOf(profiles);
        networks = List.copyOf(networks);
    }

    /**
     * The settings for the networks of one category, with group policy applied.
     *
     * @param enabled whether the firewall is on
     * @param blocksByDefault whether what no rule allows is blocked, as Windows is set up
     * @param allowRulesCount false: everything that comes in is blocked, whatever rules allow it ("Block all incoming
     *     connections, including those in the list of allowed apps")
     * @param localRulesCount false: a policy has every rule ignored that was made on this computer
     */
    public record Profile(
            NetworkCategory category,
            boolean enabled,
            boolean blocksByDefault,
            boolean allowRulesCount,
            boolean localRulesCount) {

        public boolean counts(FirewallRule rule) {
            return rule.ofPolicy() || localRulesCount;
        }
    }

    /**
     * A network that this computer is connected to.
     *
     * @param adapter the alias of the interface: {@code Wi-Fi}
     * @param name what Windows calls the network, for a person
     * @param addresses those of this computer on it; empty if Windows did not tell
     */
    public record Network(String adapter, String name, NetworkCategory category, List<InetAddress> addresses) {

        public Network {
            addresses = List.copyOf(addresses);
        }

        /** The command that makes it a private one. */
        public String makePrivate() {
            return FirewallCommands.makePrivate(adapter);
        }
    }

    /**
     * The networks on which other computers can be. Switches of virtual machines are none, as a rule; where nothing but
     * a VPN is left then, which has the default route, one of them has to be the LAN's.
     */
    public List<Network> lans() {
        List<Network> certain = networks.stream().filter(this::isLan).toList();
        boolean isLanThere = certain.stream().anyMatch(network -> kind(network) != AdapterKind.VPN);
        return isLanThere
                ? certain
                : networks.stream().filter(network -> !isOfWsl(network)).toList();
    }

    /**
     * Windows cannot identify the network of a switch for virtual machines, which makes it a public one. A switch that
     * shares an adapter with this computer has a network that Windows knows, or the default route leaves by it. Windows
     * translates the name of its Default Switch, but not those of WSL.
     */
    private boolean isLan(Network network) {
        return !isOfWsl(network)
                && (kind(network) != AdapterKind.VIRTUAL
                        || network.category() != NetworkCategory.PUBLIC
                        || route.filter(network.addresses()::contains).isPresent());
    }

    private static boolean isOfWsl(Network network) {
        return network.adapter().startsWith("vEthernet (WSL");
    }

    private static AdapterKind kind(Network network) {
        return AdapterKind.of(network.adapter());
    }

    /** The networks by which clients of the LAN come to {@code address}; all of the LAN if that is not known. */
    public List<Network> lans(Optional<InetAddress> address) {
        List<Network> those = lans().stream()
                .filter(network -> address.filter(network.addresses()::contains).isPresent())
                .toList();
        return those.isEmpty() ? lans() : those;
    }

    /** The categories of {@code networks}; private if there is none. */
    public static Set<NetworkCategory> categories(List<Network> networks) {
        return networks.isEmpty()
                ? EnumSet.of(NetworkCategory.PRIVATE)
                : networks.stream()
                        .map(Network::category)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(NetworkCategory.class)));
    }

    /** The settings for networks of that category. */
    public Profile profile(NetworkCategory category) {
        return profiles.stream()
                .filter(profile -> profile.category() == category)
                .findFirst()
                .orElseThrow();
    }
}
