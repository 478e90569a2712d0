package io.github.wslproxy.doctor;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.doctor.ParallelTasks.Question;
import io.github.wslproxy.doctor.WslCheck.WslAnswers;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.JavaExecutables;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.ProbeReport;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One walk along the chain. What is slow and hangs on nothing else is asked first and side by side. */
final class DoctorRun {
    private final Environment computer;
    private final ParallelTasks questions;
    private final Path config;
    private final Settings settings;
    private final List<Forward> forwards;
    private final boolean named;
    private final List<Finding> findings = new ArrayList<>();

    /** @param named whether the forwards were asked for by name, so that the LAN is meant to reach them */
    DoctorRun(
            Environment computer,
            ParallelTasks questions,
            Path config,
            Settings settings,
            List<Forward> forwards,
            boolean named) {
        this.computer = computer;
        this.questions = questions;
        this.config = config;
        this.settings = settings;
        this.forwards = forwards;
        this.named = named;
    }

    Diagnosis diagnosis() {
        Question<Optional<FirewallState>> firewall = questions.ask(computer::firewall);
        Question<Account> account = questions.ask(computer::account);
        Question<Autostart.State> autostart = questions.ask(computer::autostart);
        Question<Optional<InetAddress>> lanAddress = questions.ask(computer::lanAddress);
        Question<List<String>> adapters = questions.ask(computer::adapters);
        Optional<Question<ProbeReport>> probe =
                isProbed() ? Optional.of(questions.ask(() -> computer.probe(settings.wsl()))) : Optional.empty();

        RunningProxy proxy = new RunningProxy(settings.status(), status());
        findings.add(ConfigurationCheck.of(config, settings));
        findings.addAll(new JavaCheck(computer.java(), computer.isWindows()).findings(proxy.snapshot()));
        AccountCheck user = new AccountCheck(computer.isWindows(), account.answer(), autostart.answer());
        boolean installed = computer.isInstalled(config);
        findings.add(user.account());
        findings.add(proxy.finding(forwards, user.start(config, installed), () -> computer.pid(config)));
        findings.add(user.autostart(OwnCommand.naming(config)));

        WslAnswers answers = wslAnswers(probe.flatMap(Question::answer));
        WslCheck wsl = new WslCheck(settings.wsl(), answers, proxy, OwnCommand.naming(config));
        findings.addAll(leadsToWsl() ? wsl.findings() : WslCheck.notNeeded());

        Optional<InetAddress> lan = lanAddress.answer().flatMap(Function.identity());
        List<ForwardChecks> walks = forwards.stream()
                .map(forward -> new ForwardChecks(
                        forward, settings.wsl(), computer, questions, proxy, wsl, lan, OwnCommand.naming(config)))
                .toList();
        walks.forEach(ForwardChecks::dialTarget);
        walks.forEach(ForwardChecks::dialRelay);
        walks.forEach(ForwardChecks::awaitRelay);
        RunningProxy after =
                new RunningProxy(settings.status(), proxy.snapshot().isPresent() ? status() : Optional.empty());
        FirewallCheck open = firewallCheck(firewall.answer().flatMap(Function.identity()), proxy, lan);
        for (ForwardChecks walk : walks) {
            findings.addAll(walk.findings(answers.guest(), after, open, new LanCheck(lan, named)));
        }

        findings.add(adapters.answer()
                .map(VpnCheck::of)
                .orElseGet(() -> Finding.notKnown(ChainLink.VPN, "the adapters could not be listed")));
        if (findings.stream().noneMatch(Finding::isBroken)) {
            findings.add(wifi());
        }
        return new Diagnosis(config.toString(), findings);
    }

    private Optional<StatusAnswer> status() {
        return settings.status().listen().flatMap(address -> questions
                .ask(() -> computer.status(address))
                .answer());
    }

    private boolean leadsToWsl() {
        boolean allAreMeant = !named && settings.auto().isPresent();
        return allAreMeant
                || forwards.stream()
                        .anyMatch(forward -> forward.target().host() instanceof Host.Wsl
                                || forward.listens().stream().anyMatch(listen -> listen.host() instanceof Host.Wsl));
    }

    private boolean isProbed() {
        return leadsToWsl() && settings.wsl().address().isEmpty();
    }

    private WslAnswers wslAnswers(Optional<ProbeReport> report) {
        WslSettings wsl = settings.wsl();
        boolean builtIn = isProbed() && wsl.command().isEmpty();
        boolean down = report.filter(ProbeReport::sawVmStopped).isPresent();
        if (builtIn && down) {
            Optional<List<String>> distributions =
                    questions.ask(() -> computer.distributions(wsl)).answer().flatMap(Function.identity());
            return new WslAnswers(report, distributions, new GuestScan.Asleep("the VM is not running"));
        }
        boolean up = report.filter(ProbeReport::hasAddress).isPresent();
        GuestScan guest = builtIn && up
                ? questions
                        .ask(() -> computer.guest(wsl))
                        .answer()
                        .orElse(new GuestScan.Unreadable("no answer in time"))
                : new GuestScan.Asleep("WSL is not known to run");
        return new WslAnswers(report, Optional.empty(), guest);
    }

    /** Rules may name the program that listens: that of the running proxy, or else of this process. */
    private FirewallCheck firewallCheck(Optional<FirewallState> state, RunningProxy proxy, Optional<InetAddress> lan) {
        Optional<String> program = proxy.snapshot()
                .flatMap(snapshot -> computer.program(snapshot.pid()))
                .or(() -> JavaExecutables.ofThisProcess().paths().stream().findFirst());
        return new FirewallCheck(
                state, program, lan, OwnCommand.naming(config).line("firewall --apply"), computer.isWindows());
    }

    private static Finding wifi() {
        return Finding.info(
                ChainLink.WIFI,
                "if a phone still cannot connect: it must be in the same network; guest Wi-Fi and client isolation keep"
                        + " devices apart");
    }
}
