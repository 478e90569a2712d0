package io.github.wslproxy.doctor;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.windows.firewall.FirewallState;
import io.github.wslproxy.windows.firewall.JavaExecutables;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import io.github.wslproxy.wsl.ProbeReport;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One walk along the chain: all checks in its order. What is slow and depends on nothing else is asked first. */
final class DoctorRun {
    private final Environment computer;
    private final ParallelTasks tasks;
    private final Path config;
    private final Settings settings;
    private final List<Forward> forwards;
    private final boolean named;

    /** @param named whether the forwards were asked for by name, so that the LAN is meant to reach them */
    DoctorRun(
            Environment computer,
            ParallelTasks tasks,
            Path config,
            Settings settings,
            List<Forward> forwards,
            boolean named) {
        this.computer = computer;
        this.tasks = tasks;
        this.config = config;
        this.settings = settings;
        this.forwards = forwards;
        this.named = named;
    }

    Diagnosis diagnosis() {
        List<Finding> findings = new ArrayList<>();
        checks().forEach(check -> findings.addAll(check.findings()));
        if (findings.stream().noneMatch(Finding::isBroken)) {
            findings.add(wifi());
        }
        return new Diagnosis(config.toString(), findings);
    }

    private List<Check> checks() {
        boolean windows = computer.isWindows();
        OwnCommand commands = OwnCommand.naming(config);
        Task<Optional<FirewallState>> firewall = tasks.ask(computer::firewall);
        Task<Account> account = tasks.ask(computer::account);
        Task<Autostart.AutostartState> autostart = tasks.ask(computer::autostart);
        Task<Optional<InetAddress>> lan = tasks.ask(computer::lanAddress);
        Task<List<String>> adapters = tasks.ask(computer::adapters);
        Optional<Task<ProbeReport>> probe =
                leadsToWsl() && settings.wsl().address().isEmpty()
                        ? Optional.of(tasks.ask(() -> computer.probe(settings.wsl())))
                        : Optional.empty();

        RunningProxy proxy = RunningProxy.ask(settings.status(), computer, tasks);
        Facts facts = new Facts(
                computer,
                settings,
                commands,
                proxy,
                WslAnswers.ask(settings.wsl(), probe, computer, tasks),
                lan.answer().flatMap(Function.identity()),
                named);
        LogonTaskCheck logonTask = new LogonTaskCheck(windows, autostart, commands);

        List<Check> checks = new ArrayList<>();
        checks.add(() -> List.of(ConfigurationCheck.of(config, settings)));
        checks.add(new JavaCheck(computer.java(), windows, proxy.snapshot()));
        checks.add(new AccountCheck(windows, account));
        boolean installed = computer.isInstalled(config);
        checks.add(new RunningCheck(proxy, forwards, () -> logonTask.start(installed), computer.pid(config)));
        checks.add(logonTask);
        checks.add(new WslCheck(facts, leadsToWsl()));
        checks.addAll(checksOfForwards(facts, firewall));
        checks.add(new VpnCheck(adapters));
        return checks;
    }

    private boolean leadsToWsl() {
        boolean allAreMeant = !named && settings.auto().isPresent();
        return allAreMeant
                || forwards.stream()
                        .anyMatch(forward -> forward.target().host() instanceof Host.Wsl
                                || forward.listens().stream().anyMatch(listen -> listen.host() instanceof Host.Wsl));
    }

    private List<Check> checksOfForwards(Facts facts, Task<Optional<FirewallState>> firewall) {
        List<TargetDial> targets = TargetDial.start(forwards, facts, tasks);
        List<Task<RelayDial>> relays = targets.stream()
                .map(target -> RelayDial.start(target, facts, tasks))
                .toList();
        Task<RunningProxy> after = tasks.after(relays, () -> RunningProxy.ask(settings.status(), computer));
        Optional<String> program = program(facts.proxy());

        List<Check> checks = new ArrayList<>();
        for (int i = 0; i < forwards.size(); i++) {
            Forward forward = forwards.get(i);
            TargetDial target = targets.get(i);
            ServerCheck server = new ServerCheck(forward, facts, target);
            List<Check> own = List.of(
                    new ListeningCheck(forward, facts, tasks),
                    new RelayCheck(forward, facts, relays.get(i), after),
                    new TargetCheck(forward, facts, target, server, after),
                    server,
                    new LastProblemCheck(forward, facts),
                    new FirewallCheck(forward, facts, firewall, program),
                    new LanCheck(forward, facts));
            own.forEach(check -> checks.add(() -> check.findings().stream()
                    .map(finding -> finding.of(forward.name()))
                    .toList()));
        }
        return checks;
    }

    /** The Java that listens: that of the running proxy, or else of this process. */
    private Optional<String> program(RunningProxy proxy) {
        return proxy.snapshot()
                .flatMap(snapshot -> computer.program(snapshot.pid()))
                .or(() -> JavaExecutables.ofThisProcess().paths().stream().findFirst());
    }

    private static Finding wifi() {
        return Finding.info(
                ChainLink.WIFI,
                "if a phone still cannot connect: it must be in the same network; guest Wi-Fi and client isolation keep"
                        + " devices apart");
    }
}
