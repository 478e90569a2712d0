package io.github.wslproxy.wsl;

import java.util.List;
import java.util.stream.Stream;

/**
 * What one probe learned, and how.
 *
 * @param steps what was done, in order, for a person to follow
 */
public record ProbeReport(ProbeOutcome outcome, List<ProbeStep> steps) {

    public ProbeReport {
        steps = List.copyOf(steps);
    }

    /** The steps and then the outcome, as the {@code probe} command prints them. */
    public List<String> lines() {
        return Stream.concat(steps.stream().flatMap(step -> step.lines().stream()), Stream.of(outcome.summary()))
                .toList();
    }
}
