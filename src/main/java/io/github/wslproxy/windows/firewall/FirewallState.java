package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.firewall.Verdict.Allowed;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the firewall is set to.
 *
 * @param inbound the rules in force about TCP and UDP that comes in, for programs as wslproxy is one
 * @param profiles at most one of each category
 * @param networks those that this computer is connected to now
 */
public record FirewallState(
        List<FirewallRule> inbound, List<FirewallProfile> profiles, List<ConnectedNetwork> networks) {

    public FirewallState {
        inbound = List.copyOf(inbound);
        profiles = List.copyOf(profiles);
        networks = List.copyOf(networks);
    }

    /** The categories of the networks on which other computers can be, or private if it is connected to none. */
    public Set<NetworkCategory> categoriesInUse() {
        Set<NetworkCategory> used = networks.stream()
                .filter(ConnectedNetwork::isLan)
                .map(ConnectedNetwork::category)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(NetworkCategory.class)));
        return used.isEmpty() ? EnumSet.of(NetworkCategory.PRIVATE) : used;
    }

    /**
     * What happens to clients of the LAN that come to {@code port}, on the networks that this computer is connected to, or
     * on private ones if it is connected to none. If they differ, the one that lets clients in counts.
     *
     * @param program the absolute path of the program that listens, java.exe or javaw.exe; empty: only rules for every
     *     program count
     */
    public Verdict verdict(Protocol protocol, int port, Optional<String> program) {
        List<Verdict> verdicts = categoriesInUse().stream()
                .map(category -> verdict(protocol, port, program, category))
                .toList();
        return allowed(verdicts)
                .or(() -> first(verdicts, Verdict.FirewallOff.class))
                .or(() -> first(verdicts, Verdict.NotKnown.class))
                .or(() -> first(verdicts, Verdict.Blocked.class))
                .or(() -> first(verdicts, Verdict.AllBlocked.class))
                .orElse(verdicts.get(0));
    }

    private static Optional<Verdict> allowed(List<Verdict> verdicts) {
        List<Allowed> all = verdicts.stream()
                .filter(Allowed.class::isInstance)
                .map(Allowed.class::cast)
                .toList();
        Set<NetworkCategory> where =
                all.stream().flatMap(one -> one.profiles().stream()).collect(Collectors.toSet());
        return all.stream().findFirst().map(one -> new Allowed(one.rule(), where));
    }

    private static Optional<Verdict> first(List<Verdict> verdicts, Class<? extends Verdict> kind) {
        return verdicts.stream().filter(kind::isInstance).findFirst();
    }

    /** The same on networks of one category, whether there is one or not. */
    public Verdict verdict(Protocol protocol, int port, Optional<String> program, NetworkCategory category) {
        Optional<FirewallProfile> known = profile(category);
        if (known.isEmpty()) {
            return new Verdict.NotKnown("nothing is known about the firewall on " + category + " networks");
        }
        FirewallProfile profile = known.get();
        if (!profile.enabled()) {
            return new Verdict.FirewallOff(category);
        }
        if (!profile.allowRulesCount()) {
            return new Verdict.AllBlocked(category);
        }
        List<FirewallRule> all = about(protocol, port, program, category).toList();
        List<FirewallRule> counting = all.stream().filter(profile::counts).toList();
        return judge(counting, profile)
                .orElseGet(() ->
                        new Verdict.NoRule(unconditional(all.stream(), false).findFirst()));
    }

    /** The rules that block that port for some of the LAN, whatever allows it. */
    Stream<FirewallRule> blocking(Protocol protocol, int port, Optional<String> program, NetworkCategory category) {
        return profile(category).filter(FirewallProfile::enabled).stream()
                .flatMap(profile -> unconditional(about(protocol, port, program, category), true)
                        .filter(profile::counts));
    }

    private Stream<FirewallRule> about(
            Protocol protocol, int port, Optional<String> program, NetworkCategory category) {
        return inbound.stream()
                .filter(rule -> rule.profiles().contains(category))
                .filter(rule -> rule.covers(protocol, port, program))
                .filter(rule -> RemoteScope.concernsLan(rule.remoteAddresses()));
    }

    /** Blocking rules first, in the order in which Windows asks: block beats allow, and both beat the default. */
    private static Optional<Verdict> judge(List<FirewallRule> rules, FirewallProfile profile) {
        Optional<Verdict> blocked =
                unconditional(rules.stream(), true).findFirst().map(Verdict.Blocked::new);
        return blocked.or(() -> conditional(rules, true))
                .or(() -> unconditional(rules.stream(), false)
                        .min(Comparator.comparingInt(FirewallState::narrowness))
                        .map(rule -> new Allowed(rule, Set.of(profile.category()))))
                .or(() -> Optional.of(profile)
                        .filter(its -> !its.blocksByDefault())
                        .map(its -> new Verdict.FirewallOff(its.category())))
                .or(() -> conditional(rules, false));
    }

    private static Stream<FirewallRule> unconditional(Stream<FirewallRule> rules, boolean block) {
        return rules.filter(rule -> rule.blocks() == block)
                .filter(rule -> rule.conditions().isEmpty());
    }

    private static Optional<Verdict> conditional(List<FirewallRule> rules, boolean block) {
        return rules.stream()
                .filter(rule -> rule.blocks() == block)
                .filter(rule -> !rule.conditions().isEmpty())
                .findFirst()
                .map(rule -> new Verdict.NotKnown("the firewall rule " + rule.label() + (block ? " blocks" : " allows")
                        + " it under conditions that wslproxy does not judge ("
                        + String.join(", ", rule.conditions()) + ")"));
    }

    /** Of several that allow, the one that lets in more clients says more. */
    private static int narrowness(FirewallRule rule) {
        List<String> addresses = rule.remoteAddresses();
        if (addresses.isEmpty()) {
            return 0;
        }
        return RemoteScope.covers(addresses, List.of(RemoteScope.LOCAL_SUBNET)) ? 1 : 2;
    }

    /** The settings for networks of that category. */
    public Optional<FirewallProfile> profile(NetworkCategory category) {
        return profiles.stream()
                .filter(profile -> profile.category() == category)
                .findFirst();
    }
}
