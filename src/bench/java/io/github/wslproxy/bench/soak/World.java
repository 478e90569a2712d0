package io.github.wslproxy.bench.soak;

import io.github.wslproxy.forward.DurationWords;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The pretend VM, as the proxy sees it, and the configuration. Changes come from one thread; anyone may ask whether
 * there was one since a moment.
 */
final class World {
    /** Many times the interval at which the proxy looks. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Ground ground;
    private final int blackHolePort;
    private final WslScript wsl;
    private final Path configFile;
    private final StatusReader status;
    private final Findings findings;

    /** Even while the VM is where it was: what a client then does not get, nothing excuses. */
    private final AtomicLong changes = new AtomicLong();

    private volatile SoakConfig config = SoakConfig.FIRST;
    private InetAddress address = Ground.VM.get(0);

    World(Ground ground, int blackHolePort, WslScript wsl, Path configFile, StatusReader status, Findings findings)
            throws IOException {
        this.ground = ground;
        this.blackHolePort = blackHolePort;
        this.wsl = wsl;
        this.configFile = configFile;
        this.status = status;
        this.findings = findings;
        wsl.answerWith(address);
        config.write(configFile, ground, blackHolePort, wsl);
    }

    /** To be given back to {@link #wasCalmSince}. */
    long moment() {
        return changes.get();
    }

    /** Whether the VM ran at one address, and the forwards were the same, from {@code moment} on until now. */
    boolean wasCalmSince(long moment) {
        return moment % 2 == 0 && changes.get() == moment;
    }

    SoakConfig config() {
        return config;
    }

    WslScript wsl() {
        return wsl;
    }

    InetAddress address() {
        return address;
    }

    /** Moves the VM, and waits until the proxy has followed. */
    void moveTo(InetAddress next) throws IOException, InterruptedException {
        changes.incrementAndGet();
        address = next;
        start();
    }

    /** Stops the VM, and waits until the proxy knows. */
    void stop() throws IOException, InterruptedException {
        changes.incrementAndGet();
        wsl.answerNothing();
        await("target down", figures -> figures.targetState().equals("down"));
    }

    /** Starts the VM that was stopped, where it was. */
    void start() throws IOException, InterruptedException {
        wsl.answerWith(address);
        await(
                "target up at " + address.getHostAddress(),
                figures -> figures.targetState().equals("up")
                        && figures.targetAddress().equals(address.getHostAddress()));
        changes.incrementAndGet();
    }

    /** Edits the configuration, and waits until that is what runs. */
    void edit(SoakConfig next) throws IOException, InterruptedException {
        changes.incrementAndGet();
        config = next;
        next.write(configFile, ground, blackHolePort, wsl);
        await(
                "the edit " + next,
                figures -> !figures.editRefused() && figures.has(SoakForward.PASSING) == next.passing());
        changes.incrementAndGet();
    }

    /** Makes an edit that is not valid, and waits until it is refused: what runs must stay, so nothing is excused. */
    void editBadly(String text) throws IOException, InterruptedException {
        SoakConfig.replace(configFile, text);
        await("the refusal of an edit", StatusFigures::editRefused);
        config.write(configFile, ground, blackHolePort, wsl);
        await("the edit taken back", figures -> !figures.editRefused());
    }

    private void await(String what, Predicate<StatusFigures> wanted) throws InterruptedException {
        if (!status.await(wanted, PATIENCE)) {
            findings.add("the status did not show within " + DurationWords.of(PATIENCE) + ": " + what);
        }
    }
}
