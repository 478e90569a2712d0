package io.github.wslproxy.wsl;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The built-in probe: first which distributions run, which wakes nothing; then, only if one does, a look inside.
 *
 * <p>Each look inside starts the 15 seconds anew after which WSL stops an idle distribution (WslCoreConfig.h), so a
 * look at every interval would keep the VM awake for ever. It is taken when there is something to learn, and every
 * minute while links are open, which keep it awake anyway. Whether it may be taken for the sake of the listening
 * sockets, {@link ScanSchedule} says.
 */
final class WindowsProbe implements WslProbe {
    private static final Duration LOOK_WHILE_IN_USE = Duration.ofSeconds(60);

    /** WSL gives its kernel 30 seconds and the distribution 60 (WslCoreConfig.h); meanwhile it lists nothing. */
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);
    private static final List<String> LIST_RUNNING = List.of("-l", "--running", "-q");

    private final Optional<String> distribution;
    private final Duration timeout;
    private final Supplier<Optional<InetAddress>> inUse;
    private final BooleanSupplier hasLinks;
    private final Optional<ScanSchedule> socketLooks;
    private final Supplier<String> wsl;
    private final CommandRunner runner;
    private final LocalNetworks networks;
    private final LongSupplier nanoTime;

    /** What the last look inside gave; null when there was none since the distribution started. */
    private @Nullable ProbeOutcome inside;

    private long lookedAt;
    private int looksInVain;
    private boolean listHangs;
    private long listHangsSince;

    /**
     * @param distribution empty = whichever runs: all WSL 2 distributions of a user share one VM and its addresses
     * @param inUse where the VM was until now
     * @param hasLinks whether links to the VM are open
     * @param socketLooks when to look for listening sockets; empty: they are not asked for
     * @param wsl path of wsl.exe
     */
    WindowsProbe(
            Optional<String> distribution,
            Duration timeout,
            Supplier<Optional<InetAddress>> inUse,
            BooleanSupplier hasLinks,
            Optional<ScanSchedule> socketLooks,
            Supplier<String> wsl,
            CommandRunner runner,
            LocalNetworks networks,
            LongSupplier nanoTime) {
        this.distribution = distribution;
        this.timeout = timeout;
        this.inUse = inUse;
        this.hasLinks = hasLinks;
        this.socketLooks = socketLooks;
        this.wsl = wsl;
        this.runner = runner;
        this.networks = networks;
        this.nanoTime = nanoTime;
    }

    @Override
    public ProbeReport probe(Depth depth) {
        List<String> command = new ArrayList<>(List.of(wsl.get()));
        command.addAll(LIST_RUNNING);
        CommandResult result = runner.run(command, timeout);
        if (!(result instanceof CommandResult.Ended ended && ended.exit() == 0)) {
            inside = null;
            return notListed(command, result);
        }
        listHangs = false;
        List<String> running = DistributionNames.in(ended.output());
        Optional<String> one = DistributionNames.pick(running, distribution);
        if (one.isEmpty()) {
            inside = null;
            socketLooks.ifPresent(ScanSchedule::stopped);
            return down(command, result, running);
        }
        ProbeStep gate = ProbeStep.ran(command, result, one.get() + " is running");
        ProbeOutcome known = inside;
        if (depth != Depth.FULL && known != null && !worthALook(known, depth)) {
            return new ProbeReport(known, List.of(gate, unchanged()));
        }
        return look(one.get(), gate, depth);
    }

    /** The list waits for a start or a stop that is under way (LxssUserSession.cpp, EnumerateDistributions). */
    private boolean isStarting() {
        long now = nanoTime.getAsLong();
        if (!listHangs) {
            listHangs = true;
            listHangsSince = now;
        }
        return now - listHangsSince < LONGEST_START.toNanos();
    }

    private ProbeReport down(List<String> command, CommandResult result, List<String> running) {
        String what = distribution.map(name -> name + " is not running").orElse("no distribution is running");
        String reason = running.isEmpty() ? what : what + ", only " + String.join(", ", running);
        ProbeOutcome outcome = new ProbeOutcome.Down(reason);
        ProbeReport report = new ProbeReport(outcome, List.of(ProbeStep.ran(command, result, reason)));
        return socketLooks.isPresent() ? report.with(Optional.empty()) : report;
    }

    /** A phone that polls a dev server which is not running must not keep the VM awake by its failed connects. */
    private boolean worthALook(ProbeOutcome known, Depth depth) {
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - lookedAt);
        if (socketLooks.isPresent() && socketLooks.get().isDue(age)) {
            return true;
        }
        if (known instanceof ProbeOutcome.Failed || depth == Depth.SUSPECTED) {
            return age.compareTo(retryPause()) >= 0;
        }
        return hasLinks.getAsBoolean() && age.compareTo(LOOK_WHILE_IN_USE) >= 0;
    }

    /** 1, 2, 4 seconds and so on: what comes up is seen soon, what never does lets the VM fall asleep. */
    private Duration retryPause() {
        Duration doubled = Duration.ofSeconds(1L << Math.min(looksInVain, 10));
        return doubled.compareTo(LONGEST_RETRY) < 0 ? doubled : LONGEST_RETRY;
    }

    private static ProbeStep unchanged() {
        return ProbeStep.noted("inside", "unchanged; not asked, so as not to keep the VM awake");
    }

    private ProbeReport look(String name, ProbeStep gate, Depth depth) {
        List<String> command =
                List.of(wsl.get(), "-d", name, "-e", "sh", "-c", GuestScript.text(socketLooks.isPresent()));
        CommandResult result = runner.run(command, timeout);
        Optional<GuestScript> seen = result.answer().map(GuestScript::new);
        GuestScript.Answer answer = seen.map(script -> script.answer(networks, inUse.get()))
                .orElseGet(() ->
                        new GuestScript.Answer(new ProbeOutcome.Failed(WslFailures.ofWslItself(result)), List.of()));
        remember(answer.outcome(), depth);
        socketLooks.ifPresent(
                looks -> seen.ifPresentOrElse(script -> looks.looked(script.isHeldByAnother()), looks::failed));
        List<ProbeStep> steps = new ArrayList<>(List.of(gate));
        steps.add(ProbeStep.ran(command, result, answer.outcome().summary()));
        steps.addAll(answer.rejected());
        ProbeReport report = new ProbeReport(answer.outcome(), steps);
        return socketLooks.isPresent() ? report.with(seen.flatMap(GuestScript::sockets)) : report;
    }

    private void remember(ProbeOutcome outcome, Depth depth) {
        boolean inVain = outcome instanceof ProbeOutcome.Failed || (depth == Depth.SUSPECTED && outcome.equals(inside));
        looksInVain = inVain ? looksInVain + 1 : 0;
        inside = outcome;
        lookedAt = nanoTime.getAsLong();
    }

    private ProbeReport notListed(List<String> command, CommandResult result) {
        ProbeFailure failure = WslFailures.ofWslItself(result);
        if (failure.kind() == Kind.TIMED_OUT) {
            failure = isStarting() ? WslFailures.starting(result) : failure;
        } else {
            listHangs = false;
        }
        ProbeOutcome outcome = new ProbeOutcome.Failed(failure);
        return new ProbeReport(outcome, List.of(ProbeStep.ran(command, result, outcome.summary())));
    }
}
