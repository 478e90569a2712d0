package io.github.wslproxy.cli;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.windows.firewall.Firewall;
import io.github.wslproxy.windows.firewall.Firewall.ApplyOutcome;
import io.github.wslproxy.windows.firewall.FirewallFindings;
import io.github.wslproxy.windows.firewall.FirewallPlan;
import io.github.wslproxy.windows.firewall.FirewallRule;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.JavaExecutables;
import io.github.wslproxy.windows.firewall.PlannedRule;
import io.github.wslproxy.windows.firewall.PlannedRule.RuleKind;
import io.github.wslproxy.wsl.ProbeReport;
import io.github.wslproxy.wsl.WslNetworks;
import io.github.wslproxy.wsl.WslProbes;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Opens the Windows firewall for the forwards, or says how. */
@Command(
        name = "firewall",
        description = {
            "Prints the PowerShell commands that open the Windows firewall for the forwards, and what is in the way.",
            "Changes nothing unless --apply is given."
        },
        footer = {"", "Example: wslproxy firewall --config proxy.toml", "         wslproxy firewall --apply"})
final class FirewallCommand extends SubCommand {
    @Option(
            names = "--apply",
            description = "Run the commands as administrator after showing them, and look whether they work.")
    private boolean apply;

    @Option(names = "--yes", description = "With --apply: run them without asking. Windows still asks.")
    private boolean yes;

    private final Firewall firewall;
    private final Supplier<JavaExecutables> programs;
    private final Function<WslSettings, ProbeReport> discovery;
    private final Function<InetAddress, Optional<AddressBlock>> networks;
    private final Function<String, Optional<Boolean>> person;

    /** For picocli. */
    FirewallCommand() {
        this(
                Firewall.ofThisComputer(),
                JavaExecutables::ofThisProcess,
                WslProbes::askOnce,
                vm -> WslNetworks.around(vm, LocalNetwork.ofThisComputer()),
                question -> Terminal.confirms(question, false));
    }

    /**
     * For tests.
     *
     * @param networks in which network of this computer an address is
     * @param person answers a question with yes or no; empty if nobody is there
     */
    FirewallCommand(
            Firewall firewall,
            Supplier<JavaExecutables> programs,
            Function<WslSettings, ProbeReport> discovery,
            Function<InetAddress, Optional<AddressBlock>> networks,
            Function<String, Optional<Boolean>> person) {
        this.firewall = firewall;
        this.programs = programs;
        this.discovery = discovery;
        this.networks = networks;
        this.person = person;
    }

    @Override
    public Integer call() throws Exception {
        if (yes && !apply) {
            return fails(ExitCode.USAGE, "--yes goes with --apply: without it nothing is run");
        }
        Settings settings = ConfigFile.read(configFile());
        if (apply && !firewall.isHere()) {
            return fails(ExitCode.USAGE, "--apply works on Windows only; without it the commands are printed");
        }
        Optional<ProbeReport> wsl = asked(settings);
        Optional<FirewallState> state = firewall.state();
        FirewallPlan plan = FirewallPlan.of(
                settings.possible(),
                wsl.flatMap(FirewallCommand::sharedMode),
                programs.get(),
                state.map(known -> FirewallState.categories(known.lans())).orElse(Set.of()),
                settings.wsl()
                        .address()
                        .or(() -> wsl.flatMap(FirewallCommand::ownAddress))
                        .flatMap(networks));
        Optional<FirewallFindings> findings = state.map(known -> new FirewallFindings(plan, known, programs.get()));
        FirewallView text = new FirewallView(configFile(), firewall.isHere(), wsl, plan, findings);
        text.lines().forEach(out()::println);
        out().flush();
        return apply ? apply(plan, findings, text.commands()) : ExitCode.OK;
    }

    /** The address of WSL; empty where it has none of its own or has not told it. */
    private static Optional<InetAddress> ownAddress(ProbeReport report) {
        return report.hasAddress() && report.state() instanceof TargetState.Up up ? up.address() : Optional.empty();
    }

    /**
     * Asks WSL only where the answer matters: in the modes that share addresses the port of a guest is on the LAN
     * itself, and a rule for programs in WSL is for their network.
     */
    private Optional<ProbeReport> asked(Settings settings) {
        WslSettings wsl = settings.wsl();
        boolean matters = settings.possible().stream()
                .anyMatch(forward -> hasTheSamePortInWsl(forward) || listensForWsl(forward));
        boolean canBeAsked =
                wsl.address().isEmpty() && (firewall.isHere() || !wsl.command().isEmpty());
        return matters && canBeAsked ? Optional.of(discovery.apply(wsl)) : Optional.empty();
    }

    private static boolean hasTheSamePortInWsl(Forward forward) {
        return forward.target().host() instanceof Host.Wsl
                && forward.listens().stream().anyMatch(listen -> listen.ports()
                        .equals(forward.target().ports()));
    }

    private static boolean listensForWsl(Forward forward) {
        return forward.listens().stream().anyMatch(listen -> listen.host() instanceof Host.Wsl);
    }

    private static Optional<String> sharedMode(ProbeReport report) {
        return report.state() instanceof TargetState.OnLan onLan ? Optional.of(onLan.mode()) : Optional.empty();
    }

    private int apply(FirewallPlan plan, Optional<FirewallFindings> findings, List<String> commands) {
        boolean done =
                findings.map(FirewallFindings::isDone).orElse(plan.rules().isEmpty());
        if (done) {
            return ExitCode.OK;
        }
        if (findings.filter(FirewallFindings::isFutile).isPresent()) {
            return fails(ExitCode.FAILED, "nothing was changed: a policy of this computer would ignore these rules");
        }
        if (!yes) {
            Optional<Boolean> answer = person.apply("Run these commands as administrator?");
            if (answer.isEmpty()) {
                return fails(
                        ExitCode.USAGE, "--apply asks first and there is no console to ask on (expected: --yes too)");
            }
            if (!answer.get()) {
                return fails(ExitCode.FAILED, "nothing was changed");
            }
        }
        out().println("Windows asks now whether PowerShell may do this; its question may wait in the task bar.");
        out().flush();
        return ended(firewall.apply(commands), plan);
    }

    private int ended(ApplyOutcome outcome, FirewallPlan plan) {
        if (outcome instanceof ApplyOutcome.Dismissed) {
            return fails(ExitCode.FAILED, "nothing was changed: Windows was not given the permission it asked for");
        }
        if (outcome instanceof ApplyOutcome.Failed failed) {
            return fails(
                    ExitCode.FAILED,
                    "this command failed: " + failed.command()
                            + " (run it in PowerShell as administrator to see why;"
                            + " those before it were run, those after it were not)");
        }
        if (outcome instanceof ApplyOutcome.TooLong) {
            return fails(
                    ExitCode.FAILED,
                    "nothing was changed: these are more commands than Windows takes in one call (expected: run them in"
                            + " PowerShell as administrator)");
        }
        return verify(plan, outcome instanceof ApplyOutcome.Applied);
    }

    /** Looks again, as nobody should have to take it on trust which ports are open. */
    private int verify(FirewallPlan plan, boolean wasRun) {
        Optional<FirewallFindings> findings =
                firewall.state().map(state -> new FirewallFindings(plan, state, programs.get()));
        if (findings.isEmpty()) {
            return fails(
                    ExitCode.FAILED,
                    wasRun
                            ? "the commands were run, but which rules there are now could not be read"
                            : "it is not known whether the commands were run, nor which rules there are now");
        }
        List<PlannedRule> missing = findings.get().missing().stream()
                .filter(planned -> !wasRun || planned.kind() != RuleKind.TO_WSL)
                .toList();
        printMade(plan, missing);
        FirewallView.obstacles(findings.get()).forEach(out()::println);
        Optional<String> problem = problem(findings.get(), missing, wasRun);
        return problem.map(what -> fails(ExitCode.FAILED, what)).orElse(ExitCode.OK);
    }

    private void printMade(FirewallPlan plan, List<PlannedRule> missing) {
        Set<String> closed = missing.stream().map(PlannedRule::description).collect(Collectors.toSet());
        plan.rules().stream()
                .filter(planned -> !closed.contains(planned.description()))
                .map(planned -> (planned.kind() == RuleKind.TO_WSL ? "made, not read back: " : "the rule is there: ")
                        + planned.description())
                .distinct()
                .forEach(out()::println);
    }

    private static Optional<String> problem(FirewallFindings now, List<PlannedRule> missing, boolean wasRun) {
        if (!now.stale().isEmpty()) {
            return Optional.of(
                    "still there: " + now.stale().stream().map(FirewallRule::id).collect(Collectors.joining(", ")));
        }
        if (!missing.isEmpty()) {
            return Optional.of("not there: "
                    + missing.stream().map(PlannedRule::name).collect(Collectors.joining(", "))
                    + (wasRun ? "" : "; whether it was tried is not known"));
        }
        if (now.isJavaBlocked()) {
            return Optional.of("a rule that blocks Java is still there");
        }
        boolean noEffect =
                !now.localRulesIgnored().isEmpty() || !now.allBlocked().isEmpty();
        return noEffect
                ? Optional.of("the rules have no effect on some of the networks they are for")
                : Optional.empty();
    }

    private int fails(int status, String why) {
        commandLine().getErr().println("wslproxy: " + why);
        return status;
    }
}
