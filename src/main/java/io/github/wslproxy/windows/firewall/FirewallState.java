package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.Printable;
import io.github.wslproxy.windows.firewall.Verdict.Allowed;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

    /** The same for {@link #categoriesInUse}. */
    public Verdict verdict(Incoming incoming) {
        return verdict(incoming, categoriesInUse());
    }

    /**
     * What happens on networks of {@code categories}, whichever of them a client comes by: the worst of it, or not
     * known if clients are let in on some of them only.
     *
     * @param categories at least one
     */
    public Verdict verdict(Incoming incoming, Set<NetworkCategory> categories) {
        List<Verdict> verdicts = categories.stream()
                .sorted()
                .map(category -> verdict(incoming, category))
                .toList();
        Verdict worst = Verdict.worst(verdicts);
        List<NetworkCategory> open = categories.stream()
                .sorted()
                .filter(category -> verdict(incoming, category).letsIn())
                .toList();
        if (!worst.letsIn() && !open.isEmpty()) {
            return new Verdict.NotKnown("clients are let in on " + words(open) + " networks, and on others not");
        }
        return worst instanceof Allowed allowed ? new Allowed(allowed.rule(), categories) : worst;
    }

    private static String words(List<NetworkCategory> categories) {
        return categories.stream().map(NetworkCategory::toString).collect(Collectors.joining(" and "));
    }

    /** The same on networks of one category, whether there is one or not. */
    public Verdict verdict(Incoming incoming, NetworkCategory category) {
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
        List<FirewallRule> all = about(incoming, category).toList();
        List<FirewallRule> counting = all.stream().filter(profile::counts).toList();
        return judge(counting, profile, incoming.clients())
                .orElseGet(() ->
                        new Verdict.NoRule(unconditional(all.stream(), false).findFirst()));
    }

    /** The rules that block some of it, whatever allows it. */
    Stream<FirewallRule> blocking(Incoming incoming, NetworkCategory category) {
        return profile(category).filter(FirewallProfile::enabled).stream()
                .flatMap(profile ->
                        unconditional(about(incoming, category), true).filter(profile::counts));
    }

    /** The ports of {@code range} that speak for the others: each for itself and for those up to the next. */
    public List<Integer> decisivePorts(Protocol protocol, PortRange range) {
        Set<Integer> ports = new TreeSet<>(Set.of(range.first()));
        inbound.stream()
                .filter(rule -> rule.protocols().contains(protocol))
                .flatMap(rule -> rule.ports().stream())
                .flatMap(of -> Stream.of(of.first(), of.last() + 1))
                .filter(port -> port > range.first() && port <= range.last())
                .forEach(ports::add);
        return List.copyOf(ports);
    }

    private Stream<FirewallRule> about(Incoming incoming, NetworkCategory category) {
        return inbound.stream()
                .filter(rule -> rule.profiles().contains(category))
                .filter(rule -> rule.covers(incoming.protocol(), incoming.port(), incoming.program()))
                .filter(rule -> RemoteScope.concerns(rule.remoteAddresses(), incoming.clients()));
    }

    /** Blocking rules first, in the order in which Windows asks: block beats allow, and both beat the default. */
    private static Optional<Verdict> judge(List<FirewallRule> rules, FirewallProfile profile, List<String> clients) {
        List<FirewallRule> blocks = unconditional(rules.stream(), true).toList();
        Optional<Verdict> blocked = blocks.stream()
                .filter(rule -> RemoteScope.covers(rule.remoteAddresses(), clients))
                .findFirst()
                .map(Verdict.Blocked::new);
        Optional<Verdict> open = allowed(rules, profile, clients).or(() -> Optional.of(profile)
                .filter(its -> !its.blocksByDefault())
                .map(its -> new Verdict.FirewallOff(its.category())));
        Optional<Verdict> partly =
                open.flatMap(others -> blocks.stream().findFirst().map(rule -> new Verdict.SomeBlocked(rule, others)));
        return blocked.or(() -> conditional(rules, true))
                .or(() -> partly)
                .or(() -> open)
                .or(() -> forSome(rules))
                .or(() -> conditional(rules, false));
    }

    /** By one rule, or by several together. */
    private static Optional<Verdict> allowed(List<FirewallRule> rules, FirewallProfile profile, List<String> clients) {
        List<FirewallRule> allows = unconditional(rules.stream(), false)
                .sorted(Comparator.comparingInt(FirewallState::narrowness))
                .toList();
        boolean all = allows.stream().anyMatch(rule -> rule.remoteAddresses().isEmpty())
                || RemoteScope.covers(
                        allows.stream()
                                .flatMap(rule -> rule.remoteAddresses().stream())
                                .toList(),
                        clients);
        return allows.stream()
                .findFirst()
                .filter(any -> all)
                .map(rule -> new Allowed(rule, Set.of(profile.category())));
    }

    private static Optional<Verdict> forSome(List<FirewallRule> rules) {
        return unconditional(rules.stream(), false)
                .findFirst()
                .map(rule -> new Verdict.NotKnown("the firewall rule " + rule.label() + " lets in some clients only ("
                        + Printable.ascii(String.join(", ", rule.remoteAddresses())) + ")"));
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
