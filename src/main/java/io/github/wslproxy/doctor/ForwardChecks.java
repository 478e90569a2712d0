package io.github.wslproxy.doctor;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.doctor.ParallelTasks.Question;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.wsl.GuestScan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The links that each forward has for itself. The steps are taken for all forwards together, so that none waits. */
final class ForwardChecks {
    /** Longer than a VM or a LAN needs, shorter than a person waits; Windows needs two seconds to learn "refused". */
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

    /** Without a network, DNS may take half a minute to say no. */
    private static final Duration LONGEST_LOOK_UP = Duration.ofSeconds(3);

    /** The relay has its target by then, which was seen to accept. */
    private static final Duration WATCH = Duration.ofSeconds(1);

    private final Forward forward;
    private final WslSettings settings;
    private final Environment computer;
    private final ParallelTasks questions;
    private final RunningProxy proxy;
    private final WslCheck wsl;
    private final Optional<InetAddress> lan;
    private final OwnCommand commands;

    private final ListeningCheck listening;
    private final Optional<Question<List<InetAddress>>> lookUp;
    private final Map<InetSocketAddress, Question<DialResult>> targetDials = new LinkedHashMap<>();
    private final Map<InetSocketAddress, DialResult> targetDialed = new LinkedHashMap<>();
    private TargetCheck target;
    private Optional<Question<Optional<Finding>>> listeningLook = Optional.empty();
    private Optional<RelayCheck> relay = Optional.empty();
    private Optional<InetSocketAddress> relayAt = Optional.empty();
    private Optional<Question<DialResult>> relayDial = Optional.empty();
    private Optional<DialResult> relayDialed = Optional.empty();

    ForwardChecks(
            Forward forward,
            WslSettings settings,
            Environment computer,
            ParallelTasks questions,
            RunningProxy proxy,
            WslCheck wsl,
            Optional<InetAddress> lan,
            OwnCommand commands) {
        this.forward = forward;
        this.settings = settings;
        this.computer = computer;
        this.questions = questions;
        this.proxy = proxy;
        this.wsl = wsl;
        this.lan = lan;
        this.commands = commands;
        this.listening = new ListeningCheck(forward, proxy, computer, commands.line("resume", forward.name()));
        this.target = new TargetCheck(forward, settings, List.of(), false, commands);
        this.lookUp = forward.target().host() instanceof Host.Name name
                ? Optional.of(questions.ask(() -> computer.lookUp(name.value())))
                : Optional.empty();
    }

    private List<InetAddress> targetAddresses() {
        if (forward.target().host() instanceof Host.Address address) {
            return List.of(address.value());
        }
        return lookUp.map(question -> question.answer(LONGEST_LOOK_UP).orElse(List.of()))
                .orElseGet(() -> wsl.address().stream().toList());
    }

    private boolean isNameUnknown() {
        return lookUp.flatMap(question -> question.answer(LONGEST_LOOK_UP))
                .filter(List::isEmpty)
                .isPresent();
    }

    /** First: connects to the target, and asks why we do not listen where that is so. */
    void dialTarget() {
        target = new TargetCheck(forward, settings, targetAddresses(), isNameUnknown(), commands);
        Duration connect = shorter(forward.timeouts().connect(), LONGEST_CONNECT);
        target.toDial()
                .forEach(to -> targetDials.put(to, questions.ask(() -> computer.dial(to, connect, Duration.ZERO))));
        if (listening.isLookNeeded()) {
            listeningLook = Optional.of(questions.ask(listening::look));
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Second: connects through the relay, where the target was seen to accept. */
    void dialRelay() {
        targetDials.forEach((to, dial) -> dial.answer().ifPresent(dialed -> targetDialed.put(to, dialed)));
        Optional<InetSocketAddress> accepts =
                TargetCheck.accepting(targetDialed).stream().findFirst();
        RelayCheck check = new RelayCheck(forward, proxy.view(forward), accepts, commands);
        relay = Optional.of(check);
        relayAt = check.toDial(lan);
        relayDial = relayAt.map(to -> questions.ask(() -> computer.dial(to, LONGEST_CONNECT, WATCH)));
    }

    /** Third: before the proxy is asked again. */
    void awaitRelay() {
        relayDialed = relayDial.flatMap(Question::answer);
    }

    /** Last: what it all means. */
    List<Finding> findings(GuestScan look, RunningProxy after, FirewallCheck firewall, LanCheck reach) {
        boolean accepts = !TargetCheck.accepting(targetDialed).isEmpty();
        Finding server = new ServerCheck(forward, settings, insideTheVm()).finding(look, accepts);
        List<Finding> findings = new ArrayList<>();
        findings.add(
                listening.finding(listeningLook.flatMap(Question::answer).flatMap(Function.identity()), isNotNeeded()));
        findings.add(relay.orElseThrow().finding(relayAt, lan, relayDialed, after.view(forward)));
        findings.add(target.finding(targetDialed, server));
        findings.add(server);
        findings.add(LastProblemCheck.of(proxy.view(forward)));
        findings.addAll(fromTheLan(firewall));
        findings.add(isNotNeeded() ? onLanAlready() : whoMayCome(reach));
        return findings.stream().map(finding -> finding.of(forward.name())).toList();
    }

    /** A share may have lists of its own, which only the proxy that runs knows. */
    private Finding whoMayCome(LanCheck reach) {
        return proxy.view(forward)
                .filter(view -> view.origin() == Origin.SHARE)
                .filter(view -> !view.clientsAllowed().isEmpty())
                .map(reach::ofShare)
                .orElseGet(() -> reach.finding(forward));
    }

    /** Where WSL shares the addresses of Windows, clients of the LAN come to a server at the LAN address. */
    private Optional<InetAddress> insideTheVm() {
        return wsl.onLanMode().isPresent() ? lan : wsl.address();
    }

    /** As the listener itself decides it: the port is on the LAN without us. */
    private boolean isNotNeeded() {
        return wsl.onLanMode().isPresent()
                && forward.target().host() instanceof Host.Wsl
                && forward.listens().stream().allMatch(listen -> listen.ports()
                        .equals(forward.target().ports()));
    }

    private List<Finding> fromTheLan(FirewallCheck firewall) {
        if (LanCheck.isOnlyForThisComputer(forward)) {
            return skipped("no other computer comes to where it listens");
        }
        if (isNotNeeded()) {
            List<Finding> findings = new ArrayList<>(skipped("the Hyper-V firewall decides"));
            findings.set(1, hyperV(firewall.openIt()));
            return findings;
        }
        return firewall.findings(forward);
    }

    private static List<Finding> skipped(String why) {
        return List.of(
                Finding.skipped(ChainLink.NETWORK_PROFILE, why),
                Finding.skipped(ChainLink.FIREWALL_RULE, why),
                Finding.skipped(ChainLink.FIREWALL_POLICY, why));
    }

    private Finding hyperV(String openIt) {
        return Finding.notKnown(
                        ChainLink.FIREWALL_RULE,
                        "in " + wsl.onLanMode().orElseThrow() + " mode the Hyper-V firewall decides, which is not read")
                .noting("if the LAN cannot come in: " + openIt);
    }

    private Finding onLanAlready() {
        return Finding.info(
                ChainLink.LAN,
                "not needed: in " + wsl.onLanMode().orElseThrow() + " mode the port is on the LAN already");
    }
}
