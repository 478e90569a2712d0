package io.github.wslproxy.wsl;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one probe learned, and how.
 *
 * @param steps what was done, in order, for a person to follow
 * @param sockets who listens inside; empty if nobody looked. None, where the VM is down, and where its ports are on the
 *     LAN already
 */
public record ProbeReport(ProbeOutcome outcome, List<ProbeStep> steps, Optional<List<GuestSocket>> sockets) {

    public ProbeReport {
        steps = List.copyOf(steps);
        sockets = sockets.map(List::copyOf);
    }

    /** Of a probe that did not look for sockets. */
    public ProbeReport(ProbeOutcome outcome, List<ProbeStep> steps) {
        this(outcome, steps, Optional.empty());
    }

    /** The sockets go with an address: without one nothing leads there, and in the shared modes nothing has to. */
    ProbeReport with(Optional<List<GuestSocket>> seen) {
        if (outcome instanceof ProbeOutcome.Down || outcome instanceof ProbeOutcome.OnLan) {
            return new ProbeReport(outcome, steps, Optional.of(List.of()));
        }
        return new ProbeReport(outcome, steps, outcome instanceof ProbeOutcome.Found ? seen : Optional.empty());
    }

    /** The steps and then the outcome, as the {@code probe} command prints them. */
    public List<String> lines() {
        return Stream.concat(
                        steps.stream().flatMap(step -> step.lines().stream()), Stream.of(outcome.summaryForProbe()))
                .toList();
    }
}
