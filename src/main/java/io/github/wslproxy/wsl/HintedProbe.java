package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another probe, and, where wsl.exe hangs, the address that Windows remembers. It is only a hint: taken if it lies in
 * the network of an adapter, as the VM's does in NAT mode and a stale one after a change of the mode does not.
 */
final class HintedProbe implements WslProbe {
    private final WslProbe probe;
    private final NatIpRegistry remembered;
    private final LocalNetworks networks;

    HintedProbe(WslProbe probe, NatIpRegistry remembered, LocalNetworks networks) {
        this.probe = probe;
        this.remembered = remembered;
        this.networks = networks;
    }

    @Override
    public ProbeReport probe(Depth depth) {
        ProbeReport report = probe.probe(depth);
        return report.outcome() instanceof ProbeOutcome.Failed failed
                        && (failed.failure().kind() == Kind.TIMED_OUT
                                || failed.failure().kind() == Kind.STARTING)
                ? remembered
                        .read()
                        .map(address -> withHint(report, failed.failure(), address))
                        .orElse(report)
                : report;
    }

    private ProbeReport withHint(ProbeReport report, ProbeFailure failure, InetAddress address) {
        List<LocalNetwork> now = networks.list();
        Optional<LocalNetwork> network =
                now.stream().anyMatch(each -> each.address().equals(address))
                        ? Optional.empty()
                        : now.stream().filter(each -> each.contains(address)).findFirst();
        String conclusion = network.map(each -> "lies in the network of " + each)
                .orElse("not taken: it lies in no network of this computer, or is its own");
        List<ProbeStep> steps = new ArrayList<>(report.steps());
        steps.add(ProbeStep.noted("Windows remembers " + IpLiteral.text(address), conclusion));
        ProbeOutcome outcome = network.isPresent() ? new ProbeOutcome.Hinted(address, failure) : report.outcome();
        return new ProbeReport(outcome, steps);
    }
}
