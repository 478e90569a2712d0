package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.windows.Printable;
import io.github.wslproxy.windows.firewall.FirewallRule;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.FirewallState.Network;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.firewall.RemoteAddresses;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether Windows lets clients of the LAN come to a forward, as far as the rules of wslproxy and of its Java tell. What
 * rules of other programs do is not known.
 */
final class FirewallCheck {
    private static final String ELEVATED = "in a PowerShell that runs as administrator";

    private static final List<Finding.FindingState> WORST_FIRST = List.of(
            Finding.FindingState.BROKEN,
            Finding.FindingState.SKIPPED,
            Finding.FindingState.NOT_KNOWN,
            Finding.FindingState.OK,
            Finding.FindingState.INFO);

    private final Optional<FirewallState> state;
    private final Optional<String> program;
    private final Optional<InetAddress> lan;
    private final String openIt;
    private final String unread;

    /**
     * A check for any forward.
     *
     * @param state empty if it is not known
     * @param program the path of the Java that listens, if that is known
     * @param lan the address at which the LAN is told to come, if that is known
     * @param openIt the command that makes the rules
     * @param windows whether it could be known at all
     */
    FirewallCheck(
            Optional<FirewallState> state,
            Optional<String> program,
            Optional<InetAddress> lan,
            String openIt,
            boolean windows) {
        this.state = state;
        this.program = program;
        this.lan = lan;
        this.openIt = openIt;
        this.unread = windows ? "the firewall could not be read" : "only the firewall of Windows is read";
    }

    /** The command that makes the rules. */
    String openIt() {
        return openIt;
    }

    List<Finding> findings(Forward forward) {
        if (state.isEmpty()) {
            return Stream.of(ChainLink.NETWORK_PROFILE, ChainLink.FIREWALL_RULE, ChainLink.FIREWALL_POLICY)
                    .map(link -> Finding.notKnown(link, unread))
                    .toList();
        }
        FirewallState read = state.get();
        List<Network> networks = read.lans(lan);
        Judgement worst = FirewallState.categories(networks).stream()
                .map(category -> judgement(read, forward, category))
                .map(judged -> judged.shut() ? judgement(read, forward, NetworkCategory.PRIVATE) : judged)
                .min(Comparator.comparingInt(
                        judged -> WORST_FIRST.indexOf(judged.rule().state())))
                .orElseThrow();
        return List.of(profile(read, forward, networks), worst.rule(), worst.policy());
    }

    /**
     * What there is for clients on networks of one category.
     *
     * @param shut whether it is a public one, where no rule is known to let them in. Such a network is what is wrong
     *     then: a rule for private ones is all that is asked for
     */
    private record Judgement(Finding rule, Finding policy, boolean shut) {}

    private Judgement judgement(FirewallState read, Forward forward, NetworkCategory category) {
        FirewallState.Profile profile = read.profile(category);
        boolean isPublic = category == NetworkCategory.PUBLIC;
        if (!profile.enabled()) {
            return known(Finding.ok(ChainLink.FIREWALL_RULE, "the firewall is off for " + category + " networks"));
        }
        if (!profile.allowRulesCount()) {
            Finding rule = Finding.skipped(ChainLink.FIREWALL_RULE, "rules that let clients in do not count now");
            return new Judgement(rule, allBlocked(category), isPublic);
        }
        List<FirewallRule> all = read.rules().stream()
                .filter(rule -> rule.profiles().contains(category) && rule.isFor(program))
                .filter(rule -> anyPort(forward, rule::concerns))
                .toList();
        List<FirewallRule> counting = all.stream().filter(profile::counts).toList();
        Optional<FirewallRule> block =
                counting.stream().filter(FirewallRule::blocks).min(Comparator.comparing(FirewallRule::isPartial));
        if (block.isPresent()) {
            return known(block.get().isPartial() ? someBlocked(block.get()) : blocked(block.get(), category));
        }
        if (!profile.blocksByDefault()) {
            return known(Finding.ok(ChainLink.FIREWALL_RULE, "the firewall is open on " + category + " networks"));
        }
        Optional<FirewallRule> allow = allowing(counting, forward);
        if (allow.isPresent()) {
            return known(Finding.ok(
                    ChainLink.FIREWALL_RULE,
                    "the rule " + allow.get().label() + " lets clients in on " + category + " networks"));
        }
        return allowing(all, forward)
                .map(ignored -> new Judgement(
                        Finding.skipped(ChainLink.FIREWALL_RULE, "there is one, which does not count"),
                        ignored(ignored),
                        isPublic))
                .orElseGet(() -> new Judgement(noRule(counting), policy(profile), isPublic));
    }

    private static Judgement known(Finding rule) {
        return new Judgement(rule, rulesCount(), false);
    }

    private static boolean anyPort(Forward forward, BiPredicate<Protocol, PortRange> test) {
        return forward.protocols().stream()
                .anyMatch(protocol ->
                        forward.listens().stream().map(Endpoint::ports).anyMatch(ports -> test.test(protocol, ports)));
    }

    /** The first of {@code rules} that lets in what the forward allows, if some do for each protocol and listener. */
    private static Optional<FirewallRule> allowing(List<FirewallRule> rules, Forward forward) {
        RemoteAddresses clients = RemoteAddresses.of(forward.access().allow());
        boolean isShut = anyPort(
                forward, (protocol, ports) -> rules.stream().noneMatch(rule -> rule.letsIn(protocol, ports, clients)));
        return rules.stream()
                .filter(rule -> anyPort(forward, (protocol, ports) -> rule.letsIn(protocol, ports, clients)))
                .findFirst()
                .filter(first -> !isShut);
    }

    private Finding profile(FirewallState read, Forward forward, List<Network> networks) {
        if (networks.isEmpty()) {
            return Finding.notKnown(
                    ChainLink.NETWORK_PROFILE, "Windows names no network that this computer is connected to");
        }
        String seen = networks.stream()
                .map(network -> Printable.ascii(network.adapter()) + " is " + network.category())
                .collect(Collectors.joining(", "));
        Optional<Network> shut = networks.stream()
                .filter(network -> judgement(read, forward, network.category()).shut())
                .findFirst();
        if (shut.isEmpty()) {
            return Finding.ok(ChainLink.NETWORK_PROFILE, seen);
        }
        String cure = shut.get().makePrivate();
        String what = seen + ", where no rule of wslproxy or for its Java lets clients in";
        boolean isEverywhere = networks.stream().allMatch(network -> network.category() == NetworkCategory.PUBLIC);
        boolean wouldHelp =
                judgement(read, forward, NetworkCategory.PRIVATE).rule().state() == Finding.FindingState.OK;
        return isEverywhere && wouldHelp
                ? Finding.broken(ChainLink.NETWORK_PROFILE, what, cure)
                        .noting(ELEVATED + "; only for a network of your own, not for one in a cafe")
                : Finding.notKnown(ChainLink.NETWORK_PROFILE, what)
                        .noting("if it is a network of your own: " + cure + ", " + ELEVATED);
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

    private static Finding rulesCount() {
        return Finding.ok(ChainLink.FIREWALL_POLICY, "the rules of this computer count");
    }

    private static Finding policy(FirewallState.Profile profile) {
        return profile.localRulesCount()
                ? rulesCount()
                : Finding.notKnown(
                                ChainLink.FIREWALL_POLICY,
                                "a policy has the rules of this computer ignored; whether it lets clients in itself is"
                                        + " not read")
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
                        "Set-NetFirewallProfile -Name " + category + " -AllowInboundRules True")
                .noting(ELEVATED);
    }
}
