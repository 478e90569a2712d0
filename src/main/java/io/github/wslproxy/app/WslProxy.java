package io.github.wslproxy.app;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.Warnings;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.ProgramLimits;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.status.AdminApi;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.wsl.GuestSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns everything that runs. Start and stop it once each, from any thread; in between its forwards may change. */
public final class WslProxy {
    private static final Logger log = LoggerFactory.getLogger(WslProxy.class);
    private static final Duration SWEEP_TICK = Duration.ofSeconds(1);
    private static final Duration ADAPTERS_PERIOD = Duration.ofSeconds(4);
    private static final Duration INSTANCES_PERIOD = Duration.ofSeconds(5);

    /** How long the end of a part is waited for. */
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final long began = System.nanoTime();
    private final Optional<Path> config;
    private final OwnCommand commands;
    private final EventLoops loops = EventLoops.forThisComputer();
    private final PortHolders holders;
    private final Targets targets;
    private final RelayContext context;
    private final RunningRelays relays;
    private final ForwardEditor forwards;
    private final AdminActions actions;
    private final StatusEndpoint status;
    private final LanAddresses lan = new LanAddresses();
    private final EventLog events = EventLog.attach();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** Makes everything and starts nothing. Nobody can post to its status address. */
    public WslProxy(Settings settings) {
        this(settings, Optional.empty(), OwnCommand.OF_DEFAULT, AdminToken::random);
    }

    /**
     * Makes everything and starts nothing.
     *
     * @param config the file that the settings are from; this process holds its lock
     * @param commands are named in messages, to be copied
     * @param tokens makes another one for each status address that is opened; whoever knows it may change what runs
     */
    public WslProxy(Settings settings, Path config, OwnCommand commands, Supplier<String> tokens) {
        this(settings, Optional.of(config.toAbsolutePath().normalize()), commands, tokens);
    }

    private WslProxy(Settings settings, Optional<Path> config, OwnCommand commands, Supplier<String> tokens) {
        this.config = config;
        this.commands = commands;
        holders = new PortHolders(config, StateDirectory.ofThisUser());
        targets = new Targets(settings, loops.lookups(), this::isPortOfWslproxy, () -> open() > 0, this::look);
        context = RelayContext.of(
                loops,
                SWEEP_TICK,
                new LocalAddresses(),
                targets.hostAdapter(),
                new ProgramLimits(settings.limits(), loops.readBuffers()),
                holders);
        relays = new RunningRelays(context, targets::of);
        forwards = new ForwardEditor(settings, targets, relays, this::show);
        actions = new AdminActions(forwards, relays, targets::probeSoon, this::snapshot, commands);
        status = new StatusEndpoint(this::snapshot, actions, tokens, loops.control());
    }

    private void look(List<GuestSocket> sockets) {
        actions.look(sockets);
    }

    private boolean isPortOfWslproxy(int port) {
        return status.mayHavePort(port) || holders.isOfAnother(port);
    }

    /** Whoever asked for a change may look at once, at the address that is asked for now. */
    private void show() {
        status.moveTo(() -> forwards.current().file().status().listen());
        status.refresh();
    }

    /**
     * Returns when every listener has been tried once; those that failed are tried again by themselves.
     *
     * @throws StartException if none at all can listen, or it was stopped meanwhile; nothing is left running then
     * @throws InterruptedException if interrupted; call {@link #stop} then
     */
    public void start() throws StartException, InterruptedException {
        Warnings.of(forwards.current().file()).forEach(log::warn);
        targets.start();
        endIfStopped();
        watchAdapters();
        watchInstances();
        forwards.open();
        endIfStopped();
        Optional<String> problem = relays.whyNoneListens();
        if (problem.isPresent()) {
            stop(Duration.ZERO);
            throw new StartException("no forward can listen: " + problem.get() + " (the log names each)");
        }
        show();
    }

    private void endIfStopped() throws StartException {
        if (stopping.get()) {
            throw new StartException("it was stopped before it had started");
        }
    }

    private void watchAdapters() {
        LocalAddresses addresses = context.localAddresses();
        addresses.onChange(targets::adaptersChanged);
        // A VM that comes up at another address brings the adapter along: no need to wait for the next look.
        targets.wsl().onChange(unused -> loops.control().execute(() -> {
            addresses.refresh();
            targets.lookForAdapter();
        }));
        targets.lookForAdapter();
        addresses.watchClosely(loops.control(), ADAPTERS_PERIOD);
    }

    /** Two instances would take each other for WSL's relay on localhost. Whoever holds no lock looks at none. */
    private void watchInstances() {
        if (config.isPresent()) {
            lookForInstances();
            long period = INSTANCES_PERIOD.toMillis();
            loops.lookups()
                    .scheduleWithFixedDelay(
                            () -> Fault.contain(this::lookForInstances, failure -> log.debug("cannot look", failure)),
                            period,
                            period,
                            TimeUnit.MILLISECONDS);
        }
    }

    private void lookForInstances() {
        if (forwards.current().file().wsl().localhost()) {
            holders.look();
        }
    }

    /**
     * Resets what is open, so that no peer takes the end of the process for the end of what was sent. Waits a moment.
     */
    public void cutOff() {
        relays.cutOff();
    }

    /**
     * Ends one part after the other: listeners close at once, connections and sessions may end by themselves for
     * {@code grace}. Returns when all of it has ended. A second call does nothing.
     *
     * @throws InterruptedException if interrupted; then the rest has been told to end, and was not waited for
     */
    public void stop(Duration grace) throws InterruptedException {
        if (stopping.compareAndSet(false, true)) {
            NamedStep.takeAll(List.of(
                    NamedStep.of("closing the administration", actions::close),
                    new NamedStep(
                            "ending the open connections and sessions", grace.plus(CLOSING), () -> relays.stop(grace)),
                    NamedStep.of("closing the event log", events::detach),
                    NamedStep.of("closing the status address", status::close),
                    NamedStep.of("ending the probe", targets::close),
                    new NamedStep("ending the event loops", CLOSING, loops::close)));
        }
    }

    /** How everything stands now. */
    public Snapshot snapshot() {
        return Snapshots.of(
                Duration.ofNanos(System.nanoTime() - began),
                config.map(Path::toString).orElse(""),
                commands.option().orElse(""),
                forwards.refusedEdit(),
                targets.wsl().snapshot(),
                targets.onStopped(),
                context.limits().statuses(),
                forwards.current(),
                relays.current(),
                forward -> targets.of(forward, Protocol.TCP),
                lan.addresses(),
                events.newest());
    }

    /** What is forwarded, which may be changed between start and stop. */
    public ForwardEditor forwards() {
        return forwards;
    }

    RunningRelays relays() {
        return relays;
    }

    /** What else may be done to it. */
    public AdminApi actions() {
        return actions;
    }

    /** What {@link InstanceLock} tells those who ask. */
    public RunningInstance.Started started(List<String> table) {
        return RunningInstance.Started.of(
                status.address(), forwards.current().effective().forwards(), table);
    }

    /** Runs {@code listener} after each move of the status address, which it must not hold up. */
    public void onStatusMoved(Runnable listener) {
        status.onMoved(listener);
    }

    /** Where the status page is, if it is on and could be opened. */
    public Optional<String> statusUrl() {
        return status.address().map(address -> "http://" + Peer.name(address) + "/");
    }

    /** How many connections and sessions are open. */
    public long open() {
        return relays.open();
    }
}
