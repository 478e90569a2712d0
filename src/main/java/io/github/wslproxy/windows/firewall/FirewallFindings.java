package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.windows.firewall.Opening.Door;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the firewall makes of a plan now. */
public final class FirewallFindings {
    private final FirewallPlan plan;
    private final FirewallState state;
    private final ListeningPrograms programs;

    public FirewallFindings(FirewallPlan plan, FirewallState state, ListeningPrograms programs) {
        this.plan = plan;
        this.state = state;
        this.programs = programs;
    }

    /**
     * What of the plan is not in force. Rules of the Hyper-V firewall are always among them, as they are not read.
     */
    public List<Opening> missing() {
        return plan.openings().stream().filter(opening -> !isThere(opening)).toList();
    }

    private boolean isThere(Opening opening) {
        return switch (opening.door()) {
            case LAN -> opening.profiles().stream().allMatch(category -> isOpen(opening, category));
            case FROM_WSL -> state.inbound().stream().anyMatch(rule -> isMadeFrom(opening, rule));
            case TO_WSL -> false;
        };
    }

    /** The rule depends on an adapter, which a verdict does not know. */
    private static boolean isMadeFrom(Opening opening, FirewallRule rule) {
        return rule.id().equals(opening.name())
                && !rule.blocks()
                && rule.protocols().contains(opening.protocol())
                && rule.ports().containsAll(opening.ports())
                && rule.coversProgram(opening.program());
    }

    private boolean isOpen(Opening opening, NetworkCategory category) {
        return verdicts(opening, category).allMatch(verdict -> isOpen(opening, verdict));
    }

    private static boolean isOpen(Opening opening, Verdict verdict) {
        return verdict instanceof Verdict.FirewallOff
                || (verdict instanceof Verdict.Allowed allowed
                        && RemoteScope.covers(allowed.rule().remoteAddresses(), opening.remote()));
    }

    private Stream<Verdict> verdicts(Opening opening, NetworkCategory category) {
        return listening(opening).flatMap(program -> opening.ports().stream()
                .flatMapToInt(FirewallFindings::each)
                .mapToObj(port -> state.verdict(opening.protocol(), port, program, category)));
    }

    private Stream<Optional<String>> listening(Opening opening) {
        return opening.program().isPresent()
                ? Stream.of(opening.program())
                : programs.paths().stream().map(Optional::of);
    }

    private static IntStream each(PortRange ports) {
        return IntStream.rangeClosed(ports.first(), ports.last());
    }

    /**
     * Rules that Windows made when its question, at the first listen of a Java, was dismissed or answered with no. They beat
     * every rule that allows.
     */
    public List<FirewallRule> dismissedPrompts() {
        return state.inbound().stream()
                .filter(rule -> isOfPrompt(rule)
                        && rule.program().filter(this::mayListen).isPresent())
                .toList();
    }

    /** {@code TCP Query User{GUID}path}, whatever the language of Windows. */
    private static boolean isOfPrompt(FirewallRule rule) {
        return rule.blocks() && !rule.ofPolicy() && rule.id().matches("(?:TCP|UDP) Query User\\{.*");
    }

    private boolean mayListen(String program) {
        return programs.paths().stream().anyMatch(program::equalsIgnoreCase);
    }

    /** The commands that remove exactly {@link #dismissedPrompts}. */
    public List<String> promptRemoval() {
        return dismissedPrompts().stream().map(FirewallFindings::removal).toList();
    }

    /** The command that removes that rule and no other. */
    public static String removal(FirewallRule rule) {
        return "Remove-NetFirewallRule -Name " + PowerShellText.quotedPattern(rule.id());
    }

    /** Other rules that block what the plan lets in: somebody meant them. */
    public List<FirewallRule> otherBlocks() {
        Set<FirewallRule> blocks = new LinkedHashSet<>();
        planned(Verdict.Blocked.class).map(Verdict.Blocked::rule).forEach(blocks::add);
        blocks.removeAll(dismissedPrompts());
        return List.copyOf(blocks);
    }

    /** Why it cannot be told of some ports, each reason once. */
    public List<String> notKnown() {
        return planned(Verdict.NotKnown.class)
                .map(Verdict.NotKnown::why)
                .distinct()
                .toList();
    }

    private <V extends Verdict> Stream<V> planned(Class<V> kind) {
        return plan.openings().stream()
                .filter(opening -> opening.door() == Door.LAN)
                .flatMap(opening -> opening.profiles().stream().flatMap(category -> verdicts(opening, category)))
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    /** Networks with other computers on them that count as public, where the rules of the plan do not apply. */
    public List<ConnectedNetwork> publicNetworks() {
        return state.networks().stream()
                .filter(network -> network.isLan() && network.category() == NetworkCategory.PUBLIC)
                .toList();
    }

    /** The command that makes it a private one. */
    public static String makePrivate(ConnectedNetwork network) {
        return "Set-NetConnectionProfile -InterfaceAlias " + PowerShellText.quotedPattern(network.adapter())
                + " -NetworkCategory Private";
    }

    /** The categories for which the plan is made and in which a policy ignores rules of this computer. */
    public Set<NetworkCategory> localRulesIgnored() {
        return planned(profile -> !profile.localRulesCount());
    }

    /** The categories for which the plan is made and in which everything that comes in is blocked. */
    public Set<NetworkCategory> allBlocked() {
        return planned(profile -> !profile.allowRulesCount());
    }

    private Set<NetworkCategory> planned(Predicate<FirewallProfile> profiles) {
        List<NetworkCategory> found = new ArrayList<>();
        state.profiles().stream()
                .filter(profile -> profile.enabled() && profiles.test(profile))
                .map(FirewallProfile::category)
                .filter(category -> plan.openings().stream()
                        .anyMatch(opening -> opening.profiles().contains(category)))
                .forEach(found::add);
        return found.isEmpty() ? Set.of() : EnumSet.copyOf(found);
    }
}
