package io.github.wslproxy.windows.firewall;

import io.github.wslproxy.windows.firewall.Opening.Door;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
            case LAN, SHARED -> opening.profiles().stream().allMatch(category -> isOpen(opening, category));
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
        return each(opening, category, this::verdict).allMatch(verdict -> isOpen(opening, verdict));
    }

    private static boolean isOpen(Opening opening, Verdict verdict) {
        return verdict instanceof Verdict.FirewallOff
                || (verdict instanceof Verdict.Allowed allowed
                        && RemoteScope.covers(allowed.rule().remoteAddresses(), opening.remote()));
    }

    private Stream<Optional<String>> listening(Opening opening) {
        return opening.program().isPresent() || !opening.isOurs()
                ? Stream.of(opening.program())
                : programs.paths().stream().map(Optional::of);
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
        each((opening, port, program, category) -> state.blocking(opening.protocol(), port, program, category))
                .forEach(blocks::add);
        dismissedPrompts().forEach(blocks::remove);
        return List.copyOf(blocks);
    }

    /** Why it cannot be told of some ports, each reason once. */
    public List<String> notKnown() {
        return each(this::verdict)
                .filter(Verdict.NotKnown.class::isInstance)
                .map(verdict -> ((Verdict.NotKnown) verdict).why())
                .distinct()
                .toList();
    }

    /** Asks about each port of each opening to the LAN, for each program that listens there. */
    private <A> Stream<A> each(Question<A> question) {
        return plan.openings().stream()
                .filter(opening -> opening.door() == Door.LAN || opening.door() == Door.SHARED)
                .flatMap(opening -> opening.profiles().stream().flatMap(category -> each(opening, category, question)));
    }

    private <A> Stream<A> each(Opening opening, NetworkCategory category, Question<A> question) {
        return listening(opening).flatMap(program -> opening.ports().stream()
                .flatMapToInt(ports -> IntStream.rangeClosed(ports.first(), ports.last()))
                .boxed()
                .flatMap(port -> question.answers(opening, port, program, category)));
    }

    private interface Question<A> {
        Stream<A> answers(Opening opening, int port, Optional<String> program, NetworkCategory category);
    }

    private Stream<Verdict> verdict(Opening opening, int port, Optional<String> program, NetworkCategory category) {
        return Stream.of(state.verdict(opening.protocol(), port, program, category));
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

    /** Whether no rule of the plan would have an effect, as a policy ignores rules of this computer wherever it is for. */
    public boolean isFutile() {
        return plan.openings().stream()
                .allMatch(opening ->
                        opening.door() != Door.TO_WSL && localRulesIgnored().containsAll(opening.profiles()));
    }

    /** The categories for which the plan is made and in which everything that comes in is blocked. */
    public Set<NetworkCategory> allBlocked() {
        return planned(profile -> !profile.allowRulesCount());
    }

    private Set<NetworkCategory> planned(Predicate<FirewallProfile> profiles) {
        return state.profiles().stream()
                .filter(profile -> profile.enabled() && profiles.test(profile))
                .map(FirewallProfile::category)
                .filter(category -> plan.openings().stream()
                        .anyMatch(opening -> opening.profiles().contains(category)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(NetworkCategory.class)));
    }
}
