package io.github.wslproxy.doctor;

import java.util.List;
import java.util.Optional;

/**
 * What the doctor found.
 *
 * @param config the file as its user named it
 * @param findings in the order of the chain: what all forwards share, then each forward, then what all share again
 */
public record Diagnosis(String config, List<Finding> findings) {
    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /** The link to fix first. */
    public Optional<Finding> firstBroken() {
        return findings.stream().filter(Finding::isBroken).findFirst();
    }
}
