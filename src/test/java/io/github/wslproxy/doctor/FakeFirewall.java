package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.firewall.FirewallRule;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.firewall.RemoteAddresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A firewall that is on, in a private network, with a rule of wslproxy, until the test says otherwise. */
public final class FakeFirewall {
    public NetworkCategory category = NetworkCategory.PRIVATE;

    /** Beside the one that has {@link FakeEnvironment#LAN}. */
    public List<FirewallState.Network> moreNetworks = List.of();

    public boolean addressesAreTold = true;
    public List<FirewallRule> rules = new ArrayList<>(List.of(allow("wslproxy-tcp-5173")));
    public boolean localRulesCount = true;
    public boolean allowRulesCount = true;
    public boolean isOn = true;
    public boolean tells = true;

    public static FirewallRule allow(String id) {
        return rule(id, false, Set.of(NetworkCategory.PRIVATE), Optional.empty(), false);
    }

    public static FirewallRule block(String id) {
        return rule(
                id,
                true,
                Set.of(NetworkCategory.PRIVATE, NetworkCategory.PUBLIC),
                Optional.of(FakeEnvironment.JAVAW),
                false);
    }

    static FirewallRule rule(
            String id, boolean blocks, Set<NetworkCategory> where, Optional<String> program, boolean ofPolicy) {
        return rule(id, blocks, where, program, ofPolicy, List.of(), RemoteAddresses.ANY);
    }

    private static FirewallRule rule(
            String id,
            boolean blocks,
            Set<NetworkCategory> where,
            Optional<String> program,
            boolean ofPolicy,
            List<PortRange> ports,
            RemoteAddresses remote) {
        return new FirewallRule(
                id, "", blocks, ofPolicy, where, Set.of(Protocol.TCP, Protocol.UDP), ports, program, remote, false, "");
    }

    /** A rule like {@code rule}, for clients of {@code addresses} only. */
    static FirewallRule of(FirewallRule rule, String... addresses) {
        return like(rule, rule.ports(), new RemoteAddresses(List.of(addresses)));
    }

    /** A rule like {@code rule}, for one port only. */
    static FirewallRule on(int port, FirewallRule rule) {
        return like(rule, List.of(PortRange.of(port)), rule.remote());
    }

    private static FirewallRule like(FirewallRule rule, List<PortRange> ports, RemoteAddresses remote) {
        return rule(rule.id(), rule.blocks(), rule.profiles(), rule.program(), rule.ofPolicy(), ports, remote);
    }

    Optional<FirewallState> state() {
        if (!tells) {
            return Optional.empty();
        }
        List<FirewallState.Profile> profiles = Stream.of(NetworkCategory.values())
                .map(each -> new FirewallState.Profile(each, isOn, true, allowRulesCount, localRulesCount))
                .toList();
        List<FirewallState.Network> networks = new ArrayList<>(moreNetworks);
        networks.add(new FirewallState.Network(
                "Wi-Fi", "Home", category, addressesAreTold ? List.of(FakeEnvironment.LAN) : List.of()));
        return Optional.of(new FirewallState(rules, profiles, networks, Optional.of(FakeEnvironment.LAN)));
    }
}
