package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what probes learn into the published state, and says each change once: a new state or address, that asking
 * began to fail, that it works again.
 */
final class TargetPublisher {
    private static final Logger log = LoggerFactory.getLogger(TargetPublisher.class);

    private final CurrentTarget target;

    /** What the last probe that did not fail has shown; while probes fail it stays, with a remark. */
    private TargetState known;

    /** The kind of failure that was logged last; null while asking works. */
    private ProbeFailure.@Nullable Kind failing;

    TargetPublisher(CurrentTarget target) {
        this.target = target;
        this.known = target.current();
    }

    void publish(ProbeReport report) {
        report.failure().ifPresentOrElse(failure -> failed(failure, report), () -> learned(report));
    }

    private void learned(ProbeReport report) {
        if (failing != null) {
            failing = null;
            log.info("Asking WSL works again");
        }
        String before = before();
        known = report.state();
        if (target.publish(known)) {
            log.info("{}{}", report.summary(), before);
        }
    }

    private String before() {
        if (known instanceof TargetState.Unknown) {
            return "";
        }
        return known.address()
                .map(address -> " (was at " + IpLiteral.text(address) + ")")
                .orElse(" (was stopped)");
    }

    /**
     * The address that Windows remembers never overrides an answer, as it may be older: the mode of WSL may have
     * changed since it was written.
     */
    private void failed(ProbeFailure failure, ProbeReport report) {
        if (known instanceof TargetState.Unknown && report.state() instanceof TargetState.Up) {
            known = report.state();
            failing = failure.kind();
            log.warn("{}", report.summary());
        }
        if (failing != failure.kind()) {
            failing = failure.kind();
            log.warn("Asking WSL failed, {}: {}", consequence(), failure);
        }
        target.publish(known instanceof TargetState.Unknown ? notKnown(failure) : withRemark(failure));
    }

    private String consequence() {
        return known.address()
                .map(address -> "keeping " + IpLiteral.text(address))
                .orElse(
                        known instanceof TargetState.Unknown
                                ? "so its address is not known"
                                : "so it counts as stopped, as before");
    }

    /** Clients are treated as while the VM is stopped. */
    private static TargetState notKnown(ProbeFailure failure) {
        return new TargetState.Down("WSL's address is not known: " + failure.brief());
    }

    /** The remark is short, as each refused client gets it; the log has the whole failure once. */
    private TargetState withRemark(ProbeFailure failure) {
        String reason = known.reason() + "; asking again failed: " + failure.brief();
        if (known instanceof TargetState.Up up) {
            return new TargetState.Up(up.addresses(), reason);
        }
        if (known instanceof TargetState.OnLan onLan) {
            return new TargetState.OnLan(onLan.mode(), onLan.reach(), reason);
        }
        return new TargetState.Down(reason);
    }
}
