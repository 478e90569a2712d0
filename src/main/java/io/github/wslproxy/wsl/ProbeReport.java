package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.SafeText;
import io.github.wslproxy.target.TargetState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one probe learned, and how.
 *
 * @param state where the VM is. After a failure it is unknown, or up at the address that Windows remembers
 * @param failure why WSL did not tell; empty if it did
 * @param steps what was done, in order, for a person to follow
 * @param sockets who listens inside; empty if nobody looked. The list is empty while the VM is down, and where its
 *     ports are on the LAN already
 */
public record ProbeReport(
        TargetState state, Optional<ProbeFailure> failure, List<Step> steps, Optional<List<GuestSocket>> sockets) {
    private static final TargetState NOT_LEARNED = new TargetState.Unknown("asking WSL failed");

    /**
     * One thing a probe did.
     *
     * @param what the command that was run, or what was looked at
     * @param answer what came back, shortened and with control characters escaped; empty if nothing was run
     * @param conclusion what follows from it
     */
    public record Step(String what, String answer, String conclusion) {

        static Step ran(List<String> command, CommandResult result, String conclusion) {
            String answer = result.summary() + ", " + result.took().toMillis() + " ms";
            return new Step(SafeText.command(command), answer, conclusion);
        }

        static Step noted(String what, String conclusion) {
            return new Step(what, "", conclusion);
        }

        /** Lines for a terminal: the command, and indented what it printed and what that means. */
        List<String> lines() {
            if (answer.isEmpty()) {
                return List.of(what + ": " + conclusion);
            }
            return List.of("ran " + what, "  got " + answer, "  so  " + conclusion);
        }
    }

    public ProbeReport {
        steps = List.copyOf(steps);
        sockets = sockets.map(List::copyOf);
    }

    /** WSL has told where the VM is. */
    public static ProbeReport learned(TargetState state, Step... steps) {
        return new ProbeReport(state, Optional.empty(), List.of(steps), Optional.empty());
    }

    /** WSL has not told where the VM is. */
    public static ProbeReport failed(ProbeFailure failure, Step... steps) {
        return new ProbeReport(NOT_LEARNED, Optional.of(failure), List.of(steps), Optional.empty());
    }

    /** Puts what was done before in front of the steps. */
    ProbeReport after(Step... earlier) {
        return withSteps(Stream.concat(Stream.of(earlier), steps.stream()).toList());
    }

    ProbeReport withSteps(List<Step> all) {
        return new ProbeReport(state, failure, all, sockets);
    }

    /** Adds the address that Windows remembers to a failure. */
    ProbeReport remembering(InetAddress address) {
        TargetState remembered = new TargetState.Up(address, "Windows remembers it from the VM's last start");
        return new ProbeReport(remembered, failure, steps, sockets);
    }

    /** Adds who listens: without an address nothing leads there, and in the shared modes nothing has to. */
    ProbeReport withSockets(Optional<List<GuestSocket>> seen) {
        if (state instanceof TargetState.Down || state instanceof TargetState.OnLan) {
            return new ProbeReport(state, failure, steps, Optional.of(List.of()));
        }
        return new ProbeReport(state, failure, steps, hasAddress() ? seen : Optional.empty());
    }

    /** Whether WSL has told an address at which the VM, or Windows in its place, answers. */
    public boolean hasAddress() {
        return failure.isEmpty() && state.address().isPresent();
    }

    /** Whether WSL has told that the VM does not run. */
    public boolean sawVmStopped() {
        return state instanceof TargetState.Down;
    }

    /** One sentence for a person, without a full stop. */
    public String summary() {
        return failure.isPresent() ? failureSummary(failure.get().toString()) : stateSummary();
    }

    private String failureSummary(String why) {
        return state.address()
                .map(address -> "WSL may be at " + IpLiteral.text(address)
                        + ", which Windows remembers. Asking it failed: " + why)
                .orElse("Asking WSL failed: " + why);
    }

    private String stateSummary() {
        if (state instanceof TargetState.OnLan onLan) {
            return "WSL shares the addresses of Windows (" + onLan.mode() + "): " + onLan.reason();
        }
        return state.address()
                .map(address -> "WSL is at " + IpLiteral.text(address) + ", " + state.reason())
                .orElse("WSL is stopped: " + state.reason());
    }

    /** The steps and then the summary, as the {@code probe} command prints them. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        steps.forEach(step -> lines.addAll(step.lines()));
        lines.add(failure.map(why -> failureSummary(why.forProbe())).orElseGet(this::stateSummary));
        return lines;
    }
}
