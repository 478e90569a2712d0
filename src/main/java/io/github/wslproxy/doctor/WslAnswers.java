package io.github.wslproxy.doctor;

import io.github.wslproxy.doctor.ParallelTasks.Task;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.ProbeReport;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What WSL answered.
 *
 * @param report of the probe; empty if WSL was not asked, or did not answer in time
 * @param distributions that are registered, asked for only while the one that is wanted does not run
 */
record WslAnswers(
        WslSettings settings, Optional<ProbeReport> report, Optional<List<String>> distributions, GuestScan guest) {

    /**
     * Waits for the probe, asks what depends on it, and waits for that too.
     *
     * @param probe empty if WSL is not to be asked
     */
    static WslAnswers ask(
            WslSettings settings, Optional<Task<ProbeReport>> probe, Environment computer, ParallelTasks tasks) {
        Optional<ProbeReport> report = probe.flatMap(Task::answer);
        boolean builtIn = settings.command().isEmpty();
        if (builtIn && report.filter(ProbeReport::sawVmStopped).isPresent()) {
            Optional<List<String>> distributions =
                    tasks.ask(() -> computer.distributions(settings)).answer().flatMap(Function.identity());
            return new WslAnswers(settings, report, distributions, new GuestScan.Asleep("the VM is not running"));
        }
        GuestScan guest = builtIn && report.filter(ProbeReport::hasAddress).isPresent()
                ? tasks.ask(() -> computer.guest(settings))
                        .answer()
                        .orElse(new GuestScan.Unreadable("no answer in time"))
                : new GuestScan.Asleep("WSL is not known to run");
        return new WslAnswers(settings, report, Optional.empty(), guest);
    }

    /** Where the VM is, if that is known. */
    Optional<InetAddress> address() {
        return settings.address().or(() -> report.flatMap(known -> known.state().address()));
    }

    /** The mode in which WSL shares the addresses of Windows, if it does. */
    Optional<String> sharedMode() {
        return report.flatMap(known ->
                known.state() instanceof TargetState.OnLan onLan ? Optional.of(onLan.mode()) : Optional.empty());
    }
}
