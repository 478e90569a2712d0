package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.windows.firewall.FirewallState.Network;
import io.github.wslproxy.windows.firewall.FirewallState.Profile;
import io.github.wslproxy.windows.firewall.PlannedRule.RuleKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What there is of a plan now, and what is in its way. */
public final class FirewallFindings {
    private final FirewallPlan plan;
    private final FirewallState state;
    private final JavaExecutables programs;
    private final List<PlannedRule> missing;

    public FirewallFindings(FirewallPlan plan, FirewallState state, JavaExecutables programs) {
        this.plan = plan;
        this.state = state;
        this.programs = programs;
        missing = plan.rules().stream()
                .filter(planned -> state.rules().stream().noneMatch(planned::isMadeAs))
                .toList();
    }

    /**
     * What of the plan is not there as planned. Rules of the Hyper-V firewall are always among them, as they are not
     * read.
     */
    public List<PlannedRule> missing() {
        return missing;
    }

    /** Rules that wslproxy has made and that the plan does not want, or wants otherwise. */
    public List<FirewallRule> stale() {
        return state.rules().stream()
                .filter(rule -> rule.isOurs() && plan.rules().stream().noneMatch(planned -> planned.isMadeAs(rule)))
                .toList();
    }

    /** Whether nothing is left to do. */
    public boolean isDone() {
        return missing.isEmpty() && dismissedPrompts().isEmpty() && stale().isEmpty();
    }

    /**
     * The commands that make what is missing, remove {@link #dismissedPrompts} and {@link #stale}, and touch no other
     * rule. The new ones come before the removal of the old, so that one that fails locks nobody out.
     */
    public List<String> commands() {
        Set<String> made = missing.stream().map(PlannedRule::name).collect(Collectors.toSet());
        List<String> commands = new ArrayList<>();
        dismissedPrompts().forEach(rule -> commands.add(rule.removal()));
        commands.addAll(plan.making(missing));
        stale().stream()
                .filter(rule -> !made.contains(rule.id()))
                .map(FirewallRule::removal)
                .forEach(commands::add);
        return commands;
    }

    /**
     * Rules that Windows made when its question, at the first listen of this Java, was dismissed or answered with no.
     * They beat every rule that allows.
     */
    public List<FirewallRule> dismissedPrompts() {
        return blocks(FirewallRule::isOfDismissedPrompt);
    }

    /** Other rules that block this Java where the plan lets clients in: somebody meant them. */
    public List<FirewallRule> otherBlocks() {
        return blocks(rule -> !rule.isOfDismissedPrompt()
                && plan.rules().stream()
                        .anyMatch(planned -> planned.kind() == RuleKind.LAN && isInTheWay(rule, planned)));
    }

    /** Whether a rule is known that blocks this Java for all clients, whatever the plan allows. */
    public boolean isJavaBlocked() {
        return !dismissedPrompts().isEmpty() || otherBlocks().stream().anyMatch(rule -> !rule.isPartial());
    }

    private List<FirewallRule> blocks(Predicate<FirewallRule> which) {
        return state.rules().stream()
                .filter(rule -> rule.blocks()
                        && rule.program().filter(programs::contains).isPresent())
                .filter(which)
                .toList();
    }

    private boolean isInTheWay(FirewallRule rule, PlannedRule planned) {
        return planned.ports().stream().anyMatch(ports -> rule.concerns(planned.protocol(), ports))
                && planned.profiles().stream()
                        .anyMatch(category -> rule.profiles().contains(category)
                                && state.profile(category).counts(rule));
    }

    /** Networks with other computers on them that count as public, where the rules of the plan do not apply. */
    public List<Network> publicNetworks() {
        return state.lans().stream()
                .filter(network -> network.category() == NetworkCategory.PUBLIC)
                .toList();
    }

    /** The categories for which the plan is made and in which a policy ignores rules of this computer. */
    public Set<NetworkCategory> localRulesIgnored() {
        return planned(profile -> !profile.localRulesCount());
    }

    /**
     * Whether no rule of the plan would have an effect, as a policy ignores rules of this computer wherever it is for.
     */
    public boolean isFutile() {
        return !plan.rules().isEmpty()
                && plan.rules().stream()
                        .allMatch(planned -> planned.kind() != RuleKind.TO_WSL
                                && localRulesIgnored().containsAll(planned.profiles()));
    }

    /** The categories for which the plan is made and in which everything that comes in is blocked. */
    public Set<NetworkCategory> allBlocked() {
        return planned(profile -> !profile.allowRulesCount());
    }

    private Set<NetworkCategory> planned(Predicate<Profile> profiles) {
        return state.profiles().stream()
                .filter(profile -> profile.enabled() && profiles.test(profile))
                .map(Profile::category)
                .filter(category -> plan.rules().stream()
                        .anyMatch(planned -> planned.profiles().contains(category)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(NetworkCategory.class)));
    }
}
