package io.github.wslproxy.app;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.config.Warnings;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.DurationWords;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.relay.ListenerStatus;
import io.github.wslproxy.relay.LocalAddresses;
import io.github.wslproxy.relay.MemoryNeed;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.relay.RelayContext;
import io.github.wslproxy.relay.EventLoops;
import io.github.wslproxy.relay.Stages;
import io.github.wslproxy.relay.Totals;
import io.github.wslproxy.relay.tcp.TcpRelay;
import io.github.wslproxy.relay.udp.UdpRelay;
import io.github.wslproxy.status.AdminApi;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.Snapshot.Origin;
import io.github.wslproxy.status.StatusServer;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.wsl.GuestSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns everything that runs. Start and stop it once each, from any thread; in between its settings may change. */
public final class WslProxy {
    private static final Logger log = LoggerFactory.getLogger(WslProxy.class);
    private static final Duration SWEEP_TICK = Duration.ofSeconds(1);
    private static final Duration ADAPTERS_PERIOD = Duration.ofSeconds(4);

    /** So long the listeners wait for the first probe: clients that come before its answer would be refused. */
    private static final Duration FIRST_PROBE = Duration.ofSeconds(3);

    private static final Duration STATUS_RETRY = Duration.ofSeconds(10);
    private static final Duration GRACE_OF_SHARES = Duration.ofSeconds(5);

    /** Beyond the grace that links are given, for closing what they leave. */
    private static final Duration CUT_OFF = Duration.ofSeconds(1);

    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final long began = System.nanoTime();
    private final EventLoops loops = EventLoops.forThisComputer();
    private final RelayContext context;
    private final Targets targets;

    /** Set by the start, which the probe and a stop from another thread do not wait for, and by each change. */
    private volatile List<Relay> relays = List.of();

    /** Relays of forwards that have gone, while links of theirs live on. */
    private final List<Relay> draining = new CopyOnWriteArrayList<>();

    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile Duration graceAtStop = Duration.ZERO;
    private volatile Runnable statusMoved = () -> {};
    private final ReentrantLock changing = new ReentrantLock();

    /** Replaced while {@link #changing} is held. */
    private volatile ForwardSet live;

    /** Used while {@link #changing} is held. */
    private final AutoForwards appeared;

    private final AdminActions controls = new AdminActions(this);
    private final Supplier<String> tokens;
    private final OwnCommand commands;
    private final KnownLan lan = new KnownLan(LanAddresses::all, System::nanoTime);
    private final EventLog events = EventLog.attach();
    private final Optional<Path> config;
    private volatile String refusedEdit = "";
    private volatile @Nullable StatusServer statusServer;
    private volatile Future<?> statusRetry = CompletableFuture.completedFuture(null);

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
        this.tokens = tokens;
        live = ForwardSet.of(settings);
        appeared = new AutoForwards(settings);
        targets = new Targets(settings, loops.lookups(), this::inUse, controls::looked);
        context = RelayContext.of(
                loops,
                SWEEP_TICK,
                new LocalAddresses(),
                targets.wslSide(),
                new Totals(settings.limits(), loops.memory()),
                new PortHolders(config, StateDirectory.ofThisUser()));
    }

    /**
     * Returns when every listener has been tried once; those that failed are tried again by themselves.
     *
     * @throws StartException if none at all can listen, or it was stopped meanwhile; nothing is left running then
     * @throws InterruptedException if interrupted; call {@link #stop} then
     */
    public void start() throws StartException, InterruptedException {
        // The first probe may tell of servers before the relays of the file are there.
        changing.lockInterruptibly();
        try {
            startAll();
        } finally {
            changing.unlock();
        }
    }

    private void startAll() throws StartException, InterruptedException {
        warnOfMemory();
        Warnings.of(settings()).forEach(log::warn);
        targets.start(FIRST_PROBE);
        endIfStopped();
        watchAdapters();
        relays = settings().forwards().stream()
                .flatMap(forward -> forward.protocols().stream().sorted().map(protocol -> relay(protocol, forward)))
                .toList();
        divideConnecting();
        endIfStopped();
        await("opening the listeners", Stages.all(relays.stream().map(Relay::start)), Duration.ofMinutes(1));
        if (!relays.isEmpty()
                && relays.stream().flatMap(relay -> relay.listeners().stream()).allMatch(WslProxy::hasFailed)) {
            String error = firstError();
            stop(Duration.ZERO);
            throw new StartException("no forward can listen: " + error + " (the log names each)");
        }
        startStatus();
    }

    private void endIfStopped() throws StartException {
        if (stopping.get()) {
            throw new StartException("it was stopped before it had started");
        }
    }

    private void divideConnecting() {
        long tcp = relays.stream()
                .filter(relay -> relay.protocol() == Protocol.TCP)
                .count();
        context.totals().divideAmong((int) Math.max(1, tcp));
    }

    private void warnOfMemory() {
        MemoryNeed.warning(
                        settings().limits(), loops.memory().max(), loops.all().size())
                .ifPresent(log::warn);
    }

    private void watchAdapters() {
        LocalAddresses addresses = context.localAddresses();
        addresses.onChange(targets::adaptersChanged);
        // The VM that comes up at another address brings the adapter along: no need to wait for the next reading.
        targets.wsl().onChange(unused -> loops.control().execute(() -> {
            addresses.refresh();
            targets.lookForAdapter();
        }));
        targets.lookForAdapter();
        addresses.watchClosely(loops.control(), ADAPTERS_PERIOD);
    }

    /**
     * Goes on with other settings: what did not change keeps its sockets, links and sessions; forwards that have gone
     * stop accepting, and their links end by themselves. The log is not touched. Blocks, for some seconds at worst;
     * call it between start and stop, one call at a time.
     *
     * @return what was done, for a person; empty if nothing had changed
     * @throws InterruptedException if interrupted; call {@link #stop} then
     */
    public String change(Settings next) throws InterruptedException {
        String done = change(now -> {
            Set<String> said = Set.copyOf(Warnings.of(now.file()));
            Warnings.of(next).stream()
                    .filter(caution -> !said.contains(caution))
                    .forEach(log::warn);
            ForwardSet after = now.withFile(next);
            sayWhichSharesEnd(now, after);
            return after;
        });
        refusedEdit = "";
        showChange();
        return done;
    }

    private static void sayWhichSharesEnd(ForwardSet before, ForwardSet after) {
        before.shares().stream()
                .filter(share ->
                        after.shares().stream().noneMatch(left -> left.name().equals(share.name())))
                .forEach(share -> log.info("[{}] is no longer shared: {}", share.name(), whyEnded(share, after)));
    }

    private static String whyEnded(Share share, ForwardSet after) {
        return after.inTheWay(share.forward())
                .map(forward -> "\"" + forward.name() + "\" of the file has its name or its port now")
                .orElse("a word of its allow lets in more than [defaults] allow does");
    }

    /** The same for what runs beside the configuration. */
    String change(UnaryOperator<ForwardSet> edit) throws InterruptedException {
        changing.lockInterruptibly();
        try {
            if (stopping.get()) {
                return "";
            }
            ForwardSet next = withAppeared(edit.apply(live));
            if (next.equals(live)) {
                return "";
            }
            ReloadPlan plan = ReloadPlan.of(settings(), next.effective());
            List<Forward> inFile = live.file().forwards();
            try {
                apply(plan, next);
            } finally {
                endIfStoppedMeanwhile();
                showChange();
            }
            return plan.summary(inFile);
        } finally {
            changing.unlock();
        }
    }

    /**
     * A look into the VM was taken.
     *
     * @param sockets all that listen there
     */
    void looked(List<GuestSocket> sockets) throws InterruptedException {
        change(now -> {
            appeared.look(System.nanoTime(), targets.wsl().current().address(), sockets);
            return now;
        });
    }

    private ForwardSet withAppeared(ForwardSet next) {
        appeared.change(next.file());
        AutoForwards.Decision decision =
                appeared.decide(next.withAppeared(List.of()).effective().forwards());
        decision.notes().forEach(note -> log.atLevel(note.level()).log(note.text()));
        return next.withAppeared(decision.forwards());
    }

    /** What runs, at this moment. */
    ForwardSet live() {
        return live;
    }

    private Settings settings() {
        return live.effective();
    }

    /** A stop in the middle of a change knows only the relays of before. */
    private void endIfStoppedMeanwhile() {
        if (stopping.get()) {
            all().forEach(relay -> relay.stop(graceAtStop));
            closeStatus();
        }
    }

    private void apply(ReloadPlan plan, ForwardSet nextLive) throws InterruptedException {
        Settings next = nextLive.effective();
        targets.change(next, FIRST_PROBE);
        List<CompletionStage<Void>> closing = new ArrayList<>();
        List<Relay> others = new ArrayList<>();
        for (ReloadPlan.Step step : plan.steps()) {
            if (step instanceof ReloadPlan.Remove remove) {
                Relay gone = running(step.protocol(), remove.before());
                draining.add(gone);
                closing.add(gone.drain());
                if (live.origin(remove.before()) == Origin.SHARE) {
                    gone.stop(GRACE_OF_SHARES); // It is over, also for who is connected.
                }
            } else if (step instanceof ReloadPlan.Change change) {
                Relay changed = running(step.protocol(), change.before());
                others.add(changed);
                closing.add(changed.change(change.after(), targets.of(change.after())));
            } else if (step instanceof ReloadPlan.Add add) {
                others.add(relay(step.protocol(), add.after()));
            }
        }
        inOrder(next, others);
        divideConnecting();
        live = nextLive;
        if (plan.limits()) {
            context.totals().limit(next.limits());
            warnOfMemory();
        }
        for (Relay relay : relays) {
            if (isPaused(relay)) {
                relay.pause();
            } else {
                relay.resume();
            }
        }
        await("closing what the edit has removed", Stages.all(closing.stream()), CLOSING);
        await("opening what the edit has added", Stages.all(others.stream().map(Relay::start)), CLOSING);
        if (plan.status()) {
            closeStatus();
            startStatus();
            statusMoved.run();
        }
        draining.removeIf(gone -> gone.counters().open() == 0);
    }

    private boolean isPaused(Relay relay) {
        return live.paused().contains(relay.forward().name());
    }

    /** An edit of the configuration cannot be used; said in the status until one can. */
    void editRefused(String why) {
        refusedEdit = why;
        showChange();
    }

    /** Puts the relays, {@code others} among them, in the order of the configuration. */
    private void inOrder(Settings next, List<Relay> others) {
        Map<Forward, List<Relay>> byForward = Stream.concat(relays.stream(), others.stream())
                .distinct()
                .filter(relay -> !draining.contains(relay))
                .collect(Collectors.groupingBy(Relay::forward));
        relays = next.forwards().stream()
                .flatMap(forward -> byForward.getOrDefault(forward, List.of()).stream())
                .toList();
    }

    private Relay running(Protocol protocol, Forward forward) {
        return relays.stream()
                .filter(relay -> relay.protocol() == protocol && relay.forward().equals(forward))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no relay of " + forward.name() + " " + protocol));
    }

    private Relay relay(Protocol protocol, Forward forward) {
        TargetSource source = targets.of(forward);
        return switch (protocol) {
            case TCP -> new TcpRelay(forward, source, context);
            case UDP -> new UdpRelay(forward, source, context);
        };
    }

    private static boolean hasFailed(ListenerStatus status) {
        return status instanceof ListenerStatus.Failed;
    }

    private String firstError() {
        return relays.stream()
                .flatMap(relay -> relay.listeners().stream())
                .flatMap(status -> status instanceof ListenerStatus.Failed failed
                        ? Stream.of(failed.where() + ": " + failed.error())
                        : Stream.of())
                .findFirst()
                .orElse("there is none");
    }

    /** Not being able to show the status is no reason not to forward. */
    private void startStatus() {
        openStatus(why -> log.warn("{}; forwarding goes on without it, and it is tried again", why));
    }

    private void openStatus(Consumer<String> failed) {
        settings().status().listen().filter(unused -> statusServer == null).ifPresent(address -> {
            StatusServer server = new StatusServer(address, this::snapshot, controls, tokens.get());
            try {
                server.start();
                statusServer = server;
            } catch (IOException e) {
                failed.accept(String.valueOf(e.getMessage()));
                retryStatusLater();
            }
        });
    }

    private void retryStatusLater() {
        statusRetry.cancel(false);
        statusRetry = loops.control().schedule(this::retryStatus, STATUS_RETRY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void retryStatus() {
        if (stopping.get()) {
            return;
        }
        if (!changing.tryLock()) {
            retryStatusLater();
            return;
        }
        try {
            openStatus(stillTaken -> {});
            if (statusServer != null) {
                statusMoved.run();
            }
        } finally {
            changing.unlock();
        }
    }

    /**
     * Resets what is open, so that no peer takes the end of the process for the end of what was sent. Waits a moment.
     */
    public void cutOff() {
        Stages.all(all().map(relay -> relay.stop(Duration.ZERO)))
                .toCompletableFuture()
                .completeOnTimeout(null, CUT_OFF.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /**
     * Listeners close at once; links and sessions may end by themselves for {@code grace}; then, in order, what is left
     * of them, the status address, the probe and the threads. Returns when all of it has ended. A second call does
     * nothing.
     */
    public void stop(Duration grace) throws InterruptedException {
        if (stopping.get()) {
            return;
        }
        graceAtStop = grace;
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        try {
            controls.close();
            await(
                    "ending the open connections and sessions",
                    Stages.all(all().map(relay -> relay.stop(grace))),
                    grace.plus(CLOSING));
        } finally {
            events.detach();
            closeStatus();
            targets.close(); // A hurried stop, too, leaves no process of a probe behind.
        }
        await("ending the event loops", loops.close(), CLOSING);
    }

    /** Whoever has asked for the change may look at once. */
    private void showChange() {
        StatusServer status = statusServer;
        if (status != null) {
            status.changed();
        }
    }

    private Stream<Relay> all() {
        return Stream.concat(relays.stream(), draining.stream());
    }

    private void closeStatus() {
        StatusServer status = statusServer;
        statusServer = null;
        if (status != null) {
            status.close();
        }
    }

    /** How everything stands now. */
    public Snapshot snapshot() {
        return Snapshots.of(
                Duration.ofNanos(System.nanoTime() - began),
                config.map(Path::toString).orElse(""),
                commands.option().orElse(""),
                refusedEdit,
                targets.wsl().snapshot(),
                targets.onStopped(),
                context.totals().standings(),
                live,
                relays,
                targets::of,
                lan.addresses(),
                events.newest());
    }

    /** What may be done to it beside {@link #change}. */
    public AdminApi controls() {
        return controls;
    }

    /** The relays of a forward: one for each of its protocols, and those that are about to end. */
    List<Relay> relaysOf(String forward) {
        return all().filter(relay -> relay.forward().name().equals(forward)).toList();
    }

    /** Runs {@code listener} after each change that moved the status address, which it must not hold up. */
    public void onStatusMoved(Runnable listener) {
        statusMoved = listener;
    }

    OwnCommand ownCommand() {
        return commands;
    }

    /** Asks WSL where it is as soon as that may be done again; false if there is nothing to ask. */
    boolean probeSoon() {
        return targets.probeSoon();
    }

    /** Where the status page is, if it is on and could be opened. */
    public Optional<String> statusUrl() {
        return statusAddress().map(address -> "http://" + Peer.name(address) + "/");
    }

    private Optional<InetSocketAddress> statusAddress() {
        return Optional.ofNullable(statusServer).map(StatusServer::address);
    }

    /** What {@link InstanceLock} tells those who ask. */
    public RunningInstance.Started started(List<String> table) {
        return RunningInstance.Started.of(statusAddress(), settings().forwards(), table);
    }

    /** How many links and sessions are open. */
    public long open() {
        return all().mapToLong(relay -> relay.counters().open()).sum();
    }

    private boolean inUse() {
        return open() > 0;
    }

    /** @param what is waited for, as the subject of a sentence */
    private static void await(String what, CompletionStage<Void> done, Duration limit) throws InterruptedException {
        try {
            done.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("{} did not end within {}; going on", what, DurationWords.of(limit));
        } catch (ExecutionException e) {
            log.error("{} failed unexpectedly: {}", what, Fault.line(e));
        }
    }
}
