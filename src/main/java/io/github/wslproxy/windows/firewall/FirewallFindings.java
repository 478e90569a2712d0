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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the firewall makes of a plan now. */
public final class FirewallFindings {
    private final FirewallPlan plan;
    private final FirewallState state;
    private final ListeningPrograms programs;
    private final List<Opening> missing;

    public FirewallFindings(FirewallPlan plan, FirewallState state, ListeningPrograms programs) {
        this.plan = plan;
        this.state = state;
        this.programs = programs;
        missing = plan.openings().stream().filter(opening -> !isThere(opening)).toList();
    }

    /**
     * What of the plan is not in force. Rules of the Hyper-V firewall are always among them, as they are not read.
     */
    public List<Opening> missing() {
        return missing;
    }

    /** Rules that wslproxy has made and that let in more than the plan wants, if it wants them at all. */
    public List<FirewallRule> stale() {
        return state.inbound().stream()
                .filter(rule -> isOurs(rule) && plan.openings().stream().noneMatch(opening -> isWithin(rule, opening)))
                .toList();
    }

    private static boolean isOurs(FirewallRule rule) {
        return !rule.ofPolicy()
                && !rule.blocks()
                && (rule.group().equals(Opening.GROUP) || rule.id().matches(Opening.GROUP + "-(tcp|udp)(-.*)?"));
    }

    private static boolean isWithin(FirewallRule rule, Opening opening) {
        return rule.id().equals(opening.name())
                && rule.protocols().equals(Set.of(opening.protocol()))
                && !rule.ports().isEmpty()
                && rule.ports().stream().allMatch(ports -> isWithin(ports, opening.ports()))
                && (opening.door() == Door.FROM_WSL || opening.profiles().containsAll(rule.profiles()))
                && (opening.program().isEmpty()
                        || (rule.program().isPresent() && rule.coversProgram(opening.program())))
                && RemoteScope.isWithin(rule.remoteAddresses(), opening.remote());
    }

    private static boolean isWithin(PortRange ports, List<PortRange> wanted) {
        return wanted.stream().anyMatch(range -> range.first() <= ports.first() && ports.last() <= range.last());
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
        Set<String> replaced = stale().stream().map(FirewallRule::id).collect(Collectors.toSet());
        List<Opening> wanted = plan.openings().stream()
                .filter(opening -> missing.contains(opening) || replaced.contains(opening.name()))
                .toList();
        Set<String> made = wanted.stream().map(Opening::name).collect(Collectors.toSet());
        List<String> commands = new ArrayList<>(promptRemoval());
        commands.addAll(plan.making(wanted));
        stale().stream()
                .filter(rule -> !made.contains(rule.id()))
                .map(FirewallFindings::removal)
                .forEach(commands::add);
        return commands;
    }

    private boolean isThere(Opening opening) {
        return switch (opening.door()) {
            case LAN, SHARED -> opening.profiles().stream().allMatch(category -> isOpen(opening, category));
            case FROM_WSL -> state.inbound().stream().anyMatch(rule -> isMadeFrom(opening, rule));
            case TO_WSL -> false;
        };
    }

    /** By its name, as it is for networks that are none of the LAN. */
    private static boolean isMadeFrom(Opening opening, FirewallRule rule) {
        boolean isForWsl = opening.isForAnyWslNetwork()
                ? RemoteScope.isWithin(rule.remoteAddresses(), opening.remote())
                : RemoteScope.covers(rule.remoteAddresses(), opening.remote());
        return rule.id().equals(opening.name())
                && !rule.blocks()
                && rule.conditions().isEmpty()
                && rule.protocols().contains(opening.protocol())
                && rule.ports().containsAll(opening.ports())
                && rule.coversProgram(opening.program())
                && isForWsl;
    }

    private boolean isOpen(Opening opening, NetworkCategory category) {
        return each(opening).map(incoming -> state.verdict(incoming, category)).allMatch(FirewallFindings::isOpen);
    }

    /** What somebody blocks for single clients is not undone by a rule that lets the others in. */
    private static boolean isOpen(Verdict verdict) {
        return verdict.letsIn() || verdict instanceof Verdict.SomeBlocked;
    }

    private Stream<Optional<String>> listening(Opening opening) {
        return opening.program().isPresent() || !opening.isOurs()
                ? Stream.of(opening.program())
                : programs.paths().stream().map(Optional::of);
    }

    /**
     * Rules that Windows made when its question, at the first listen of a Java, was dismissed or answered with no. They
     * beat every rule that allows.
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
        each((incoming, category) -> state.blocking(incoming, category)).forEach(blocks::add);
        dismissedPrompts().forEach(blocks::remove);
        return List.copyOf(blocks);
    }

    /** Whether it blocks all clients of an opening, and not only some of them. */
    public boolean blocksAll(FirewallRule rule) {
        return plan.openings().stream()
                .anyMatch(opening -> RemoteScope.covers(rule.remoteAddresses(), opening.remote()));
    }

    /** Why it cannot be told of some ports, each reason once. */
    public List<String> notKnown() {
        return each((incoming, category) -> Stream.of(state.verdict(incoming, category)))
                .filter(Verdict.NotKnown.class::isInstance)
                .map(verdict -> ((Verdict.NotKnown) verdict).why())
                .distinct()
                .toList();
    }

    /** Asks about the decisive ports of each opening to the LAN, for each program that listens there. */
    private <A> Stream<A> each(Question<A> question) {
        return plan.openings().stream()
                .filter(opening -> opening.door() == Door.LAN || opening.door() == Door.SHARED)
                .flatMap(opening -> opening.profiles().stream()
                        .flatMap(category -> each(opening).flatMap(incoming -> question.answers(incoming, category))));
    }

    private Stream<Incoming> each(Opening opening) {
        return listening(opening).flatMap(program -> opening.ports().stream()
                .flatMap(ports -> state.decisivePorts(opening.protocol(), ports).stream())
                .map(port -> new Incoming(opening.protocol(), port, program, opening.remote())));
    }

    private interface Question<A> {
        Stream<A> answers(Incoming incoming, NetworkCategory category);
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

    /**
     * Whether no rule of the plan would have an effect, as a policy ignores rules of this computer wherever it is for.
     */
    public boolean isFutile() {
        return !plan.openings().isEmpty()
                && plan.openings().stream()
                        .allMatch(opening -> opening.door() != Door.TO_WSL
                                && localRulesIgnored().containsAll(opening.profiles()));
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
