package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import io.github.wslproxy.wsl.ProbeReport.Step;
import io.github.wslproxy.wsl.WslExe.Look;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The built-in probe: first it lists which distributions run, which wakes nothing; then, only if one does, it looks
 * inside.
 *
 * <p>Each look inside starts the 15 seconds anew after which WSL stops an idle distribution (WslCoreConfig.h), so a
 * look at every interval would keep the VM awake for ever. It is taken when there is something to learn, and every
 * minute while connections are open, which keep the VM awake anyway. {@link ScanSchedule} says whether it may be taken
 * for the sake of the listening sockets.
 *
 * <p>While wsl.exe hangs, the address that Windows remembers is taken as a hint, if it lies in the network of an
 * adapter, as the VM's does in NAT mode and a stale one after a change of the mode does not.
 */
final class WindowsProbe implements WslProbe {
    private static final Duration LOOK_WHILE_IN_USE = Duration.ofSeconds(60);

    /** WSL gives its kernel 30 seconds and the distribution 60 (WslCoreConfig.h); meanwhile it lists nothing. */
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);

    private final Optional<String> distribution;
    private final Duration timeout;
    private final Supplier<Optional<InetAddress>> inUse;
    private final BooleanSupplier hasConnections;
    private final Optional<ScanSchedule> scans;
    private final WslExe wsl;
    private final NatIpRegistry remembered;
    private final Supplier<List<LocalNetwork>> networks;
    private final LongSupplier nanoTime;

    /** What the last look inside gave, without its steps; null when there was none since the distribution started. */
    private @Nullable ProbeReport inside;

    /** The distributions of the last look, and the one of them that told. */
    private List<String> asked = List.of();

    private String told = "";
    private boolean toldByWsl1;

    private long lookedAt;
    private int looksInVain;
    private boolean listHangs;
    private long listHangsSince;

    /**
     * @param distribution empty = whichever runs: all WSL 2 distributions of a user share one VM and its addresses,
     *     while WSL 1 has none
     * @param timeout for each call of wsl.exe
     * @param inUse where the VM was until now
     * @param hasConnections whether connections to the VM are open
     * @param scans when to look for listening sockets; empty: they are not asked for
     */
    WindowsProbe(
            Optional<String> distribution,
            Duration timeout,
            Supplier<Optional<InetAddress>> inUse,
            BooleanSupplier hasConnections,
            Optional<ScanSchedule> scans,
            WslExe wsl,
            NatIpRegistry remembered,
            Supplier<List<LocalNetwork>> networks,
            LongSupplier nanoTime) {
        this.distribution = distribution;
        this.timeout = timeout;
        this.inUse = inUse;
        this.hasConnections = hasConnections;
        this.scans = scans;
        this.wsl = wsl;
        this.remembered = remembered;
        this.networks = networks;
        this.nanoTime = nanoTime;
    }

    @Override
    public ProbeReport probe(Depth depth) {
        ProbeReport report = ask(depth);
        boolean hangs = report.failure()
                .filter(failure -> failure.kind() == Kind.TIMED_OUT || failure.kind() == Kind.STARTING)
                .isPresent();
        return hangs ? remembered.read().map(address -> hinted(report, address)).orElse(report) : report;
    }

    private ProbeReport ask(Depth depth) {
        WslExe.Call list = wsl.listRunning(timeout);
        if (list.answer().isEmpty()) {
            inside = null;
            return notListed(list);
        }
        listHangs = false;
        List<String> running = WslExe.names(list.answer().get());
        List<String> those = WslExe.candidates(running, distribution);
        if (those.isEmpty()) {
            inside = null;
            scans.ifPresent(ScanSchedule::stopped);
            return down(list, running);
        }
        Step isRunning = list.step(those.get(0) + " is running");
        if (!holdsFor(those)) {
            inside = null;
        }
        ProbeReport known = inside;
        if (depth != Depth.FULL && known != null && !isWorthALook(known, depth)) {
            return known.after(isRunning, Step.noted("inside", "unchanged; not asked, so as not to keep the VM awake"));
        }
        return look(those, depth).after(isRunning);
    }

    private ProbeReport notListed(WslExe.Call list) {
        ProbeFailure failure = ProbeFailure.ofWsl(list.result());
        if (failure.kind() != Kind.TIMED_OUT) {
            listHangs = false;
        } else if (isStarting()) {
            failure = ProbeFailure.starting(list.result());
        }
        ProbeReport failed = ProbeReport.failed(failure);
        return failed.after(list.step(failed.summary()));
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

    private ProbeReport down(WslExe.Call list, List<String> running) {
        String what = distribution.map(name -> name + " is not running").orElse("no distribution is running");
        String reason = running.isEmpty() ? what : what + ", only " + String.join(", ", running);
        ProbeReport report = ProbeReport.learned(new TargetState.Down(reason), list.step(reason));
        return scans.isPresent() ? report.withSockets(Optional.empty()) : report;
    }

    /** A phone that polls a dev server which is not running must not keep the VM awake by its failed connects. */
    private boolean isWorthALook(ProbeReport known, Depth depth) {
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - lookedAt);
        if (scans.isPresent() && scans.get().isDue(age)) {
            return true;
        }
        if (known.failure().isPresent() || depth == Depth.CONNECT_FAILED) {
            return age.compareTo(retryPause()) >= 0;
        }
        return hasConnections.getAsBoolean() && age.compareTo(LOOK_WHILE_IN_USE) >= 0;
    }

    /**
     * 1, 2, 4 seconds and so on: an address that comes is seen soon, and if none ever comes, the VM can fall asleep.
     */
    private Duration retryPause() {
        Duration doubled = Duration.ofSeconds(1L << Math.min(looksInVain, 10));
        return doubled.compareTo(LONGEST_RETRY) < 0 ? doubled : LONGEST_RETRY;
    }

    /** WSL 1 has no VM, so that its answer holds only as long as no other distribution starts. */
    private boolean holdsFor(List<String> candidates) {
        return candidates.contains(told) && (!toldByWsl1 || candidates.equals(asked));
    }

    private ProbeReport look(List<String> candidates, Depth depth) {
        List<Look> looks = wsl.lookInto(candidates, scans.isPresent(), timeout);
        Look last = looks.get(looks.size() - 1);
        asked = candidates;
        told = last.distribution();
        toldByWsl1 = last.isOfWsl1();
        Optional<GuestScript> seen = last.seen();
        ProbeReport found = seen.map(script -> script.report(networks, inUse.get()))
                .orElseGet(
                        () -> ProbeReport.failed(ProbeFailure.ofWsl(last.call().result())));
        remember(found, depth);
        scans.ifPresent(scan -> seen.ifPresentOrElse(script -> scan.looked(script.isHeldByAnother()), scan::failed));
        Stream<Step> passedOver = looks.subList(0, looks.size() - 1).stream()
                .map(each -> each.call().step(each.distribution() + " is of WSL 1, so the next one is asked"));
        ProbeReport report =
                found.after(Stream.concat(passedOver, Stream.of(last.call().step(found.summary())))
                        .toArray(Step[]::new));
        return scans.isPresent() ? report.withSockets(seen.flatMap(GuestScript::sockets)) : report;
    }

    private void remember(ProbeReport found, Depth depth) {
        ProbeReport now = found.withSteps(List.of());
        boolean inVain = now.failure().isPresent() || (depth == Depth.CONNECT_FAILED && now.equals(inside));
        looksInVain = inVain ? looksInVain + 1 : 0;
        inside = now;
        lookedAt = nanoTime.getAsLong();
    }

    private ProbeReport hinted(ProbeReport report, InetAddress address) {
        List<LocalNetwork> here = networks.get();
        boolean isOurs = here.stream().anyMatch(each -> each.address().equals(address));
        Optional<LocalNetwork> network =
                here.stream().filter(each -> !isOurs && each.contains(address)).findFirst();
        List<Step> steps = new ArrayList<>(report.steps());
        steps.add(Step.noted(
                "Windows remembers " + IpLiteral.text(address),
                network.map(each -> "lies in the network of " + each)
                        .orElse("not taken: it lies in no network of this computer, or is its own")));
        ProbeReport told = report.withSteps(steps);
        return network.isPresent() ? told.remembering(address) : told;
    }
}
