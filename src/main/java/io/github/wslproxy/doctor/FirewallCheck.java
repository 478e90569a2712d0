package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.windows.Printable;
import io.github.wslproxy.windows.firewall.ConnectedNetwork;
import io.github.wslproxy.windows.firewall.FirewallFindings;
import io.github.wslproxy.windows.firewall.FirewallRule;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.Incoming;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.firewall.Verdict;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether Windows lets clients of the LAN come to a forward. */
final class FirewallCheck {
    private static final String ELEVATED = "in a PowerShell that runs as administrator";

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
            return Stream.of(Link.NETWORK_PROFILE, Link.FIREWALL_RULE, Link.FIREWALL_POLICY)
                    .map(link -> Finding.notKnown(link, unread))
                    .toList();
        }
        FirewallState read = state.get();
        Verdict verdict = worst(read, forward, categories(read));
        return List.of(profile(read, forward), rule(read, forward, verdict), policy(verdict));
    }

    /** Of the networks that clients may come by: the one that the LAN address is on, or else all. */
    private Set<NetworkCategory> categories(FirewallState read) {
        List<ConnectedNetwork> networks = networks(read);
        return networks.isEmpty()
                ? read.categoriesInUse()
                : networks.stream().map(ConnectedNetwork::category).collect(Collectors.toSet());
    }

    private List<ConnectedNetwork> networks(FirewallState read) {
        List<ConnectedNetwork> lans =
                read.networks().stream().filter(ConnectedNetwork::isLan).toList();
        List<ConnectedNetwork> told = lans.stream()
                .filter(network -> lan.filter(network.addresses()::contains).isPresent())
                .toList();
        return told.isEmpty() ? lans : told;
    }

    /** Of all that the forward listens on. */
    private Verdict worst(FirewallState read, Forward forward, Set<NetworkCategory> categories) {
        return Verdict.worst(forward.protocols().stream()
                .sorted()
                .flatMap(protocol -> forward.listens().stream()
                        .flatMap(listen -> read.decisivePorts(protocol, listen.ports()).stream())
                        .map(port -> Incoming.of(forward, protocol, port, program)))
                .map(incoming -> read.verdict(incoming, categories))
                .toList());
    }

    private Finding profile(FirewallState read, Forward forward) {
        List<ConnectedNetwork> networks = networks(read);
        if (networks.isEmpty()) {
            return Finding.notKnown(
                    Link.NETWORK_PROFILE, "Windows names no network that this computer is connected to");
        }
        String seen = networks.stream()
                .map(network -> Printable.ascii(network.adapter()) + " is " + network.category())
                .collect(Collectors.joining(", "));
        Optional<ConnectedNetwork> shut = networks.stream()
                .filter(network -> network.category() == NetworkCategory.PUBLIC)
                .filter(network -> isShut(worst(read, forward, Set.of(NetworkCategory.PUBLIC))))
                .findFirst();
        if (shut.isEmpty()) {
            return Finding.ok(Link.NETWORK_PROFILE, seen);
        }
        boolean everywhere = networks.stream().allMatch(network -> network.category() == NetworkCategory.PUBLIC);
        String cure = FirewallFindings.makePrivate(shut.get());
        return everywhere
                ? Finding.broken(
                                Link.NETWORK_PROFILE,
                                seen + ", and the firewall lets nobody come to the forward there",
                                cure)
                        .noting(ELEVATED + "; only for a network of your own, not for one in a cafe")
                : Finding.notKnown(
                                Link.NETWORK_PROFILE,
                                seen + ": the firewall lets nobody come by "
                                        + Printable.ascii(shut.get().adapter())
                                        + ", and which of them clients come by is"
                                        + " not known")
                        .noting("if it is a network of your own: " + cure + ", " + ELEVATED);
    }

    /** What is not known is not said to be shut, and what a rule blocks is not the network's fault. */
    private static boolean isShut(Verdict verdict) {
        return verdict instanceof Verdict.NoRule || verdict instanceof Verdict.AllBlocked;
    }

    private Finding rule(FirewallState read, Forward forward, Verdict verdict) {
        if (verdict instanceof Verdict.Blocked blocked) {
            return blocked(blocked.rule());
        }
        if (verdict instanceof Verdict.SomeBlocked some) {
            return Finding.notKnown(
                    Link.FIREWALL_RULE,
                    "clients are let in, but the rule " + some.rule().label() + " blocks some: "
                            + some.rule().scope());
        }
        if (verdict instanceof Verdict.NoRule none) {
            return none.ignored().isPresent()
                    ? Finding.skipped(Link.FIREWALL_RULE, "there is one, which does not count")
                    : noRule(read, forward);
        }
        if (verdict instanceof Verdict.AllBlocked) {
            return Finding.skipped(Link.FIREWALL_RULE, "rules that let clients in do not count now");
        }
        if (verdict instanceof Verdict.NotKnown unclear) {
            return Finding.notKnown(Link.FIREWALL_RULE, unclear.why()).noting("what it needs: " + openIt);
        }
        return Finding.ok(Link.FIREWALL_RULE, whyOpen(verdict));
    }

    private static String whyOpen(Verdict verdict) {
        return verdict instanceof Verdict.Allowed allowed
                ? "the rule " + allowed.rule().label() + " lets clients in"
                : "the firewall is off for " + ((Verdict.FirewallOff) verdict).profile() + " networks";
    }

    private Finding blocked(FirewallRule rule) {
        String seen = "the rule " + rule.label() + " blocks clients, which beats every rule that allows them";
        if (rule.ofPolicy()) {
            return Finding.broken(Link.FIREWALL_RULE, seen, "ask your administrator: the rule comes from a policy");
        }
        return Finding.broken(Link.FIREWALL_RULE, seen, FirewallFindings.removal(rule))
                .noting(ELEVATED + "; those that a dismissed question of Windows has left are removed by " + openIt);
    }

    /**
     * While the network counts as public, a rule for private ones is all that is asked for: the profile is what is
     * wrong.
     */
    private Finding noRule(FirewallState read, Forward forward) {
        Verdict onPrivate = worst(read, forward, Set.of(NetworkCategory.PRIVATE));
        return onPrivate.letsIn()
                ? Finding.ok(Link.FIREWALL_RULE, whyOpen(onPrivate) + " on private networks")
                : Finding.broken(Link.FIREWALL_RULE, "no rule lets clients of the LAN in", openIt)
                        .noting("Windows asks you to confirm it; without --apply it only prints what it would do");
    }

    private Finding policy(Verdict verdict) {
        if (verdict instanceof Verdict.NoRule none && none.ignored().isPresent()) {
            return Finding.broken(
                    Link.FIREWALL_POLICY,
                    "a policy has the rules of this computer ignored, "
                            + none.ignored().get().label() + " among them",
                    "ask your administrator for an inbound rule"
                            + program.map(path -> " for " + path).orElse(""));
        }
        if (verdict instanceof Verdict.AllBlocked all) {
            return Finding.broken(
                            Link.FIREWALL_POLICY,
                            "all incoming connections are blocked on " + all.profile()
                                    + " networks, whatever rules say",
                            "Set-NetFirewallProfile -Name " + all.profile() + " -AllowInboundRules True")
                    .noting(ELEVATED);
        }
        return verdict instanceof Verdict.NotKnown unclear
                ? Finding.notKnown(Link.FIREWALL_POLICY, unclear.why())
                : Finding.ok(Link.FIREWALL_POLICY, "the rules of this computer count");
    }
}
