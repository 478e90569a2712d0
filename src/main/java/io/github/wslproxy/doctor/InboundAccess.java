package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.firewall.FirewallRule;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.firewall.RemoteAddresses;
import io.github.wslproxy.windows.powershell.FirewallCommands;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * What the firewall does with clients that come to one forward, as far as the rules of wslproxy and those for its Java
 * tell. Rules of other programs are not read.
 */
final class InboundAccess {
    static final String ELEVATED = "in a PowerShell that runs as administrator";

    private final FirewallState state;
    private final Forward forward;
    private final Optional<String> program;
    private final String openIt;

    /**
     * The access as a read firewall grants it.
     *
     * @param program the path of the Java that listens, if that is known
     * @param openIt the command that makes the rules
     */
    InboundAccess(FirewallState state, Forward forward, Optional<String> program, String openIt) {
        this.state = state;
        this.forward = forward;
        this.program = program;
        this.openIt = openIt;
    }

    /**
     * The findings about networks of one category.
     *
     * @param shut whether the category is public and no rule is known that lets clients in. The network is at fault
     *     then, since the rules of wslproxy are for private ones
     */
    record CategoryFindings(Finding rule, Finding policy, boolean shut) {}

    CategoryFindings on(NetworkCategory category) {
        FirewallState.Profile profile = state.profile(category);
        boolean isPublic = category == NetworkCategory.PUBLIC;
        if (!profile.enabled()) {
            Finding off = Finding.ok(ChainLink.FIREWALL_RULE, "the firewall is off for " + category + " networks");
            return new CategoryFindings(off, policy(profile), false);
        }
        if (!profile.allowRulesCount()) {
            Finding rule = Finding.skipped(ChainLink.FIREWALL_RULE, "rules that let clients in do not count now");
            return new CategoryFindings(rule, allBlocked(category), isPublic);
        }
        List<FirewallRule> all = state.rules().stream()
                .filter(rule -> rule.profiles().contains(category) && rule.isFor(program))
                .filter(rule -> anyPort(rule::concerns))
                .toList();
        List<FirewallRule> counting = all.stream().filter(profile::counts).toList();
        Optional<Finding> decided =
                block(counting, category).or(() -> open(profile)).or(() -> allow(counting, category));
        if (decided.isPresent()) {
            return new CategoryFindings(decided.get(), policy(profile), false);
        }
        return allowing(all)
                .map(ignored -> new CategoryFindings(
                        Finding.skipped(ChainLink.FIREWALL_RULE, "there is one, which does not count"),
                        ignored(ignored),
                        isPublic))
                .orElseGet(() -> new CategoryFindings(noRule(counting), policy(profile), isPublic));
    }

    private Optional<Finding> block(List<FirewallRule> rules, NetworkCategory category) {
        return rules.stream()
                .filter(FirewallRule::blocks)
                .min(Comparator.comparing(FirewallRule::isPartial))
                .map(rule -> rule.isPartial() ? someBlocked(rule) : blocked(rule, category));
    }

    private static Optional<Finding> open(FirewallState.Profile profile) {
        return profile.blocksByDefault()
                ? Optional.empty()
                : Optional.of(Finding.ok(
                        ChainLink.FIREWALL_RULE,
                        "on " + profile.category() + " networks the firewall lets in what no rule blocks"));
    }

    private Optional<Finding> allow(List<FirewallRule> rules, NetworkCategory category) {
        return allowing(rules)
                .map(rule -> Finding.ok(
                        ChainLink.FIREWALL_RULE,
                        "the rule " + rule.label() + " allows clients on " + category + " networks"));
    }

    private boolean anyPort(BiPredicate<Protocol, PortRange> test) {
        return forward.protocols().stream()
                .anyMatch(protocol ->
                        forward.listens().stream().map(Endpoint::ports).anyMatch(ports -> test.test(protocol, ports)));
    }

    /** The first rule that lets clients in; empty unless every protocol and listener of the forward has such a rule. */
    private Optional<FirewallRule> allowing(List<FirewallRule> rules) {
        RemoteAddresses clients = RemoteAddresses.of(forward.access().allow());
        boolean isShut =
                anyPort((protocol, ports) -> rules.stream().noneMatch(rule -> rule.letsIn(protocol, ports, clients)));
        return rules.stream()
                .filter(rule -> anyPort((protocol, ports) -> rule.letsIn(protocol, ports, clients)))
                .findFirst()
                .filter(first -> !isShut);
    }

    private Finding blocked(FirewallRule rule, NetworkCategory category) {
        String seen = "the rule " + rule.label() + " blocks this Java on " + category
                + " networks, which beats every rule that allows it";
        if (rule.ofPolicy()) {
            return Finding.broken(
                    ChainLink.FIREWALL_RULE, seen, "ask your administrator: the rule comes from a policy");
        }
        return Finding.broken(ChainLink.FIREWALL_RULE, seen, rule.removal())
                .noting(ELEVATED + "; those that a dismissed question of Windows has left are removed by " + openIt);
    }

    private static Finding someBlocked(FirewallRule rule) {
        return Finding.notKnown(
                ChainLink.FIREWALL_RULE, "the rule " + rule.label() + " blocks some clients: " + rule.scope());
    }

    private Finding noRule(List<FirewallRule> rules) {
        String seen = rules.isEmpty()
                ? "no rule of wslproxy or for its Java lets clients of the LAN in"
                : "the rule " + rules.get(0).label() + " does not let in all clients that the forward allows: "
                        + rules.get(0).scope();
        return Finding.notKnown(ChainLink.FIREWALL_RULE, seen + "; rules of other programs are not read")
                .noting("to let them in: " + openIt);
    }

    private static Finding policy(FirewallState.Profile profile) {
        return profile.localRulesCount()
                ? Finding.ok(ChainLink.FIREWALL_POLICY, "the rules of this computer count")
                : Finding.notKnown(
                                ChainLink.FIREWALL_POLICY,
                                "a policy has the rules of this computer ignored; its own rules are read only for the"
                                        + " Java of wslproxy")
                        .noting("ask your administrator");
    }

    private Finding ignored(FirewallRule rule) {
        return Finding.broken(
                ChainLink.FIREWALL_POLICY,
                "a policy has the rules of this computer ignored, " + rule.label() + " among them",
                "ask your administrator for an inbound rule"
                        + program.map(path -> " for " + path).orElse(""));
    }

    private static Finding allBlocked(NetworkCategory category) {
        return Finding.broken(
                        ChainLink.FIREWALL_POLICY,
                        "all incoming connections are blocked on " + category + " networks, whatever rules say",
                        FirewallCommands.letRulesCount(List.of(category.toString())))
                .noting(ELEVATED);
    }
}
