package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.InboundAccess.CategoryFindings;
import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.FirewallState.Network;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether Windows lets clients of the LAN come to a forward. */
final class FirewallCheck implements Check {
    private static final List<Finding.FindingState> WORST_FIRST = List.of(
            Finding.FindingState.BROKEN,
            Finding.FindingState.SKIPPED,
            Finding.FindingState.NOT_KNOWN,
            Finding.FindingState.OK);

    private final Forward forward;
    private final Facts facts;
    private final Task<Optional<FirewallState>> firewall;
    private final Optional<String> program;
    private final String openIt;

    /** @param program the path of the Java that listens, if that is known */
    FirewallCheck(Forward forward, Facts facts, Task<Optional<FirewallState>> firewall, Optional<String> program) {
        this.forward = forward;
        this.facts = facts;
        this.firewall = firewall;
        this.program = program;
        this.openIt = facts.commands().line("firewall --apply");
    }

    @Override
    public List<Finding> findings() {
        if (LanCheck.isOnlyForThisComputer(forward)) {
            Finding rule = Finding.skipped(ChainLink.FIREWALL_RULE, "no other computer comes to where it listens");
            return List.of(like(rule, ChainLink.NETWORK_PROFILE), rule, like(rule, ChainLink.FIREWALL_POLICY));
        }
        Optional<String> mode = facts.modeThatReplaces(forward);
        if (mode.isPresent()) {
            return hyperV(mode.get());
        }
        return firewall.answer()
                .flatMap(Function.identity())
                .map(this::findings)
                .orElseGet(this::unread);
    }

    private static Finding like(Finding finding, ChainLink link) {
        return new Finding(link, "", finding.state(), finding.seen(), "", "");
    }

    private List<Finding> hyperV(String mode) {
        Finding skipped = Finding.skipped(ChainLink.NETWORK_PROFILE, "the Hyper-V firewall decides");
        Finding rule = Finding.notKnown(
                        ChainLink.FIREWALL_RULE, "in " + mode + " mode the Hyper-V firewall decides, which is not read")
                .noting("if the LAN cannot come in: " + openIt);
        return List.of(skipped, rule, like(skipped, ChainLink.FIREWALL_POLICY));
    }

    private List<Finding> unread() {
        Finding rule = Finding.notKnown(
                ChainLink.FIREWALL_RULE,
                facts.computer().isWindows()
                        ? "the firewall could not be read"
                        : "only the firewall of Windows is read");
        return List.of(like(rule, ChainLink.NETWORK_PROFILE), rule, like(rule, ChainLink.FIREWALL_POLICY));
    }

    private List<Finding> findings(FirewallState state) {
        InboundAccess access = new InboundAccess(state, forward, program, openIt);
        List<Network> networks = state.lans(facts.lan());
        CategoryFindings worst = FirewallState.categories(networks).stream()
                .map(access::on)
                .map(found -> found.shut() ? access.on(NetworkCategory.PRIVATE) : found)
                .min(Comparator.comparingInt(
                        found -> WORST_FIRST.indexOf(found.rule().state())))
                .orElseThrow();
        return List.of(profile(access, networks), worst.rule(), worst.policy());
    }

    private static Finding profile(InboundAccess access, List<Network> networks) {
        if (networks.isEmpty()) {
            return Finding.notKnown(
                    ChainLink.NETWORK_PROFILE, "Windows names no network that this computer is connected to");
        }
        String seen = networks.stream()
                .map(network -> SafeText.ascii(network.adapter()) + " is " + network.category())
                .collect(Collectors.joining(", "));
        Optional<Network> shut = networks.stream()
                .filter(network -> access.on(network.category()).shut())
                .findFirst();
        if (shut.isEmpty()) {
            return Finding.ok(ChainLink.NETWORK_PROFILE, seen);
        }
        String cure = shut.get().makePrivate();
        String what = seen + ", where no rule of wslproxy or for its Java lets clients in";
        boolean isEverywhere = networks.stream().allMatch(network -> network.category() == NetworkCategory.PUBLIC);
        boolean wouldHelp = access.on(NetworkCategory.PRIVATE).rule().state() == Finding.FindingState.OK;
        return isEverywhere && wouldHelp
                ? Finding.broken(ChainLink.NETWORK_PROFILE, what, cure)
                        .noting(InboundAccess.ELEVATED + "; only for a network of your own, not for one in a cafe")
                : Finding.notKnown(ChainLink.NETWORK_PROFILE, what)
                        .noting("if it is a network of your own: " + cure + ", " + InboundAccess.ELEVATED);
    }
}
