package io.github.wslproxy.doctor;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.os.ShellWord;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.ProbeFailure;
import io.github.wslproxy.wsl.ProbeReport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** WSL: whether it is there, the distribution exists and runs, in which mode, and where. */
final class WslCheck implements Check {
    private final WslSettings settings;
    private final WslAnswers answers;
    private final RunningProxy proxy;
    private final OwnCommand commands;
    private final boolean needed;

    /** @param needed whether a forward leads to WSL */
    WslCheck(Facts facts, boolean needed) {
        this.settings = facts.settings().wsl();
        this.answers = facts.wsl();
        this.proxy = facts.proxy();
        this.commands = facts.commands();
        this.needed = needed;
    }

    @Override
    public List<Finding> findings() {
        if (!needed) {
            return skipped(
                    "no forward leads to WSL",
                    ChainLink.WSL,
                    ChainLink.DISTRIBUTION,
                    ChainLink.VM,
                    ChainLink.MODE,
                    ChainLink.ADDRESS);
        }
        if (settings.address().isPresent()) {
            List<Finding> findings = skipped(
                    "nobody is asked, [wsl] address is fixed",
                    ChainLink.WSL,
                    ChainLink.DISTRIBUTION,
                    ChainLink.VM,
                    ChainLink.MODE);
            findings.add(address(settings.address().get(), "fixed by [wsl] address"));
            return findings;
        }
        if (answers.report().isEmpty()) {
            List<Finding> findings = new ArrayList<>();
            findings.add(Finding.notKnown(ChainLink.WSL, "no answer in time from " + who()));
            findings.addAll(skipped(
                    "WSL did not answer", ChainLink.DISTRIBUTION, ChainLink.VM, ChainLink.MODE, ChainLink.ADDRESS));
            return findings;
        }
        return of(answers.report().get());
    }

    private List<Finding> of(ProbeReport report) {
        TargetState state = report.state();
        if (report.failure().isPresent()) {
            List<Finding> findings = failed(report.failure().get());
            state.address().ifPresent(address -> findings.set(findings.size() - 1, hint(address)));
            return findings;
        }
        if (state instanceof TargetState.OnLan) {
            return up(Finding.ok(ChainLink.ADDRESS, "those of Windows: " + state.reason()));
        }
        return state.address()
                .map(address -> up(address(address, state.reason())))
                .orElseGet(() -> down(state.reason()));
    }

    private static Finding hint(InetAddress address) {
        return Finding.notKnown(
                ChainLink.ADDRESS, "Windows remembers " + IpLiteral.text(address) + " from the last start");
    }

    private List<Finding> up(Finding address) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(ChainLink.WSL, who() + " answers"));
        findings.add(
                builtIn()
                        ? Finding.ok(
                                ChainLink.DISTRIBUTION, settings.distribution().orElseGet(this::whichever))
                        : Finding.skipped(ChainLink.DISTRIBUTION, "left to [wsl] command"));
        findings.add(Finding.ok(ChainLink.VM, builtIn() ? "it is running" : "it has an address"));
        findings.add(mode());
        findings.add(address);
        return findings;
    }

    private String whichever() {
        return answers.guest() instanceof GuestScan.Seen seen ? seen.distribution() : "any that runs";
    }

    private Finding mode() {
        Optional<String> shared = answers.sharedMode();
        if (shared.isPresent()) {
            return Finding.ok(
                    ChainLink.MODE,
                    shared.get() + ": ports of WSL are on the LAN without wslproxy, which leaves them alone");
        }
        if (answers.guest() instanceof GuestScan.Seen seen) {
            return Finding.ok(ChainLink.MODE, seen.mode());
        }
        return builtIn()
                ? Finding.notKnown(ChainLink.MODE, "it could not be asked for")
                : Finding.notKnown(ChainLink.MODE, "[wsl] command does not tell it");
    }

    /** The proxy may know another address: it asked at another time, or its probe failed. */
    private Finding address(InetAddress address, String reason) {
        String literal = IpLiteral.text(address);
        Optional<Snapshot.Target> known = proxy.snapshot().map(Snapshot::target).filter(target -> target.state()
                .equals("up"));
        if (known.isPresent() && !known.get().address().equals(literal)) {
            return Finding.broken(
                            ChainLink.ADDRESS,
                            "WSL is at " + literal + " (" + reason + "), but the running wslproxy sends to "
                                    + known.get().address(),
                            commands.line("probe"))
                    .noting("wslproxy follows within one interval; if it does not, its log says why");
        }
        return Finding.ok(ChainLink.ADDRESS, literal + ": " + reason);
    }

    private List<Finding> down(String reason) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(ChainLink.WSL, who() + " answers"));
        findings.add(distribution());
        findings.add(
                findings.get(1).isBroken()
                        ? Finding.skipped(ChainLink.VM, "there is no such distribution")
                        : Finding.broken(ChainLink.VM, "WSL is stopped: " + reason, start())
                                .noting("it sleeps again when nothing of yours runs in it; " + whenStopped()));
        findings.addAll(skipped("WSL is stopped", ChainLink.MODE, ChainLink.ADDRESS));
        return findings;
    }

    /** What the running proxy does with clients while WSL is stopped. */
    private String whenStopped() {
        String wait = "new clients wait up to " + Durations.format(settings.hold()) + " for it";
        return switch (settings.onStopped()) {
            case REFUSE -> "new clients are refused until it is back; wslproxy never wakes it";
            case HOLD -> wait + "; wslproxy never wakes it";
            case WAKE -> builtIn() ? "a new client wakes it: " + wait : wait;
        };
    }

    private Finding distribution() {
        if (!builtIn()) {
            return Finding.skipped(ChainLink.DISTRIBUTION, "left to [wsl] command");
        }
        if (answers.distributions().isEmpty()) {
            return Finding.notKnown(ChainLink.DISTRIBUTION, "wsl.exe did not list them");
        }
        List<String> there = answers.distributions().get();
        if (there.isEmpty()) {
            return Finding.broken(ChainLink.DISTRIBUTION, "no distribution is installed", "wsl --install -d Ubuntu");
        }
        String names = String.join(", ", there);
        Optional<String> wanted = settings.distribution();
        if (wanted.isPresent() && there.stream().noneMatch(wanted.get()::equalsIgnoreCase)) {
            return Finding.broken(
                    ChainLink.DISTRIBUTION,
                    "there is none called " + wanted.get() + ", only " + names,
                    "distribution = \"" + there.get(0) + "\" under [wsl] in proxy.toml");
        }
        return Finding.ok(ChainLink.DISTRIBUTION, wanted.orElse(names));
    }

    private List<Finding> failed(ProbeFailure failure) {
        List<Finding> findings = new ArrayList<>();
        if (failure.kind() == ProbeFailure.Kind.NO_ADDRESS || failure.kind() == ProbeFailure.Kind.NOT_THE_VM) {
            findings.add(Finding.ok(ChainLink.WSL, who() + " answers"));
            findings.addAll(skipped("the answer does not tell", ChainLink.DISTRIBUTION, ChainLink.VM, ChainLink.MODE));
            findings.add(broken(ChainLink.ADDRESS, failure.detail(), failure));
            return findings;
        }
        ChainLink link = failure.kind() == ProbeFailure.Kind.DISTRIBUTION_NOT_FOUND
                        || failure.kind() == ProbeFailure.Kind.NO_DISTRIBUTION
                ? ChainLink.DISTRIBUTION
                : ChainLink.WSL;
        if (link == ChainLink.DISTRIBUTION) {
            findings.add(Finding.ok(ChainLink.WSL, who() + " answers"));
        }
        findings.add(broken(link, who() + ": " + failure.detail(), failure));
        if (link == ChainLink.WSL) {
            findings.add(Finding.skipped(ChainLink.DISTRIBUTION, "WSL could not be asked"));
        }
        findings.addAll(skipped("WSL could not be asked", ChainLink.VM, ChainLink.MODE, ChainLink.ADDRESS));
        return findings;
    }

    private Finding broken(ChainLink link, String seen, ProbeFailure failure) {
        return failure.advice()
                .map(advice -> Finding.broken(link, seen, advice))
                .orElseGet(() -> Finding.broken(link, seen, commands.line("probe"))
                        .noting("it shows what is printed and what was made of it"));
    }

    private boolean builtIn() {
        return settings.command().isEmpty();
    }

    private String who() {
        return builtIn() ? "wsl.exe" : "[wsl] command";
    }

    private String start() {
        if (!builtIn()) {
            return "start the VM";
        }
        return settings.distribution()
                .map(name -> "wsl -d " + ShellWord.of(name))
                .orElse("wsl");
    }

    private static List<Finding> skipped(String why, ChainLink... links) {
        List<Finding> findings = new ArrayList<>();
        for (ChainLink link : links) {
            findings.add(Finding.skipped(link, why));
        }
        return findings;
    }
}
