package io.github.wslproxy.app;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.config.WslSettings;
import io.github.wslproxy.config.WslSettings.OnStopped;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.HostAdapter;
import io.github.wslproxy.wsl.GuestSocket;
import io.github.wslproxy.wsl.VmMonitor;
import io.github.wslproxy.wsl.VmStarter;
import io.github.wslproxy.wsl.WslAdapter;
import io.github.wslproxy.wsl.WslProbe;
import io.github.wslproxy.wsl.WslProbes;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the targets of all forwards are: one source for WSL, one for each name, a fixed one for each address. */
final class Targets implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Targets.class);

    /** Of a name that an edit has just taken away. */
    private static final TargetSource GONE =
            () -> new TargetState.Unknown("its name is no longer in the configuration");

    private final CurrentTarget wsl;
    private final WslAdapter wslAdapter;
    private final ScheduledExecutorService lookups;
    private final BooleanSupplier inUse;
    private final Consumer<List<GuestSocket>> onSockets;
    private final Map<String, DnsTarget> byName = new ConcurrentHashMap<>();
    private WslSettings settings;
    private boolean looksForSockets;
    private volatile Optional<VmMonitor> watcher;
    private volatile Optional<VmStarter> waker = Optional.empty();
    private volatile boolean listensForWsl;

    /**
     * Asks nobody yet.
     *
     * @param lookups threads that may block
     * @param inUse whether any link or session is open
     * @param onSockets told, on a thread that asks WSL, who listens in the VM, if {@code [auto]} wants to know
     */
    Targets(
            Settings all,
            ScheduledExecutorService lookups,
            BooleanSupplier inUse,
            Consumer<List<GuestSocket>> onSockets) {
        this.settings = all.wsl();
        this.lookups = lookups;
        this.inUse = inUse;
        this.onSockets = onSockets;
        this.looksForSockets = all.auto().isPresent();
        List<Forward> forwards = all.forwards();
        listensForWsl = listenForWsl(forwards);
        wsl = new CurrentTarget(Clock.systemUTC(), initialState(settings, isNeeded(all)));
        watcher = watcher(all);
        letClientsWait();
        wslAdapter = WslAdapter.ofThisComputer(wsl);
        names(forwards).forEach(name -> byName.put(name, named(name)));
    }

    private static boolean listenForWsl(List<Forward> forwards) {
        return forwards.stream().flatMap(forward -> forward.listens().stream()).anyMatch(Targets::isWsl);
    }

    private static boolean isNeeded(Settings all) {
        List<Forward> forwards = all.forwards();
        return all.auto().isPresent()
                || listenForWsl(forwards)
                || forwards.stream().anyMatch(forward -> isWsl(forward.target()));
    }

    private Optional<VmMonitor> watcher(Settings all) {
        if (!isNeeded(all) || all.wsl().address().isPresent()) {
            return Optional.empty();
        }
        WslProbe probe = Discovery.probe(
                all.wsl(), () -> wsl.current().address(), inUse, all.auto().isPresent());
        VmMonitor asking = new VmMonitor(probe, wsl, all.wsl().interval());
        asking.onSockets(onSockets);
        return Optional.of(asking);
    }

    /** What becomes of clients while the VM is down, as the settings have it now. */
    private void letClientsWait() {
        waker.ifPresent(VmStarter::close);
        boolean wakes = settings.onStopped() == OnStopped.WAKE;
        waker = watcher.filter(unused -> wakes)
                .flatMap(asking -> WslProbes.waker(settings.distribution(), asking::sawItStopped));
        if (watcher.isPresent() && wakes && waker.isEmpty()) {
            log.warn(
                    "on_stopped = \"wake\" is no more than \"hold\" here: only Windows has the wsl.exe that starts WSL");
        }
        if (settings.address().isPresent() && settings.onStopped() != OnStopped.REFUSE) {
            log.warn("[wsl] on_stopped has no effect: a fixed address is always taken for that of a running VM");
        }
        Duration hold = settings.onStopped() == OnStopped.REFUSE ? Duration.ZERO : settings.hold();
        wsl.keepWaiting(hold, this::wake);
        waker.ifPresent(starting -> watcher.ifPresent(asking -> asking.hurryWhile(starting::isUnderWay)));
    }

    /** What a new client gets while the VM is stopped: refuse, hold or wake. */
    String onStopped() {
        OnStopped asked = settings.onStopped();
        OnStopped had = asked == OnStopped.WAKE && waker.isEmpty() ? OnStopped.HOLD : asked;
        return had.name().toLowerCase(Locale.ROOT);
    }

    private void wake() {
        if (waker.isPresent() && waker.get().wake()) {
            watcher.ifPresent(VmMonitor::probeSoon);
        }
    }

    private static Set<String> names(List<Forward> forwards) {
        return forwards.stream()
                .flatMap(forward ->
                        forward.target().host() instanceof Host.Name name ? Stream.of(name.value()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    private DnsTarget named(String name) {
        return new DnsTarget(name, InetAddress::getAllByName, lookups);
    }

    private static boolean isWsl(Endpoint endpoint) {
        return endpoint.host() instanceof Host.Wsl;
    }

    private static TargetState initialState(WslSettings settings, boolean needed) {
        if (settings.address().isPresent()) {
            return new TargetState.Up(settings.address().get(), "fixed by [wsl] address");
        }
        return new TargetState.Unknown(
                needed ? "WSL has not answered yet" : "no forward leads to WSL or listens for it");
    }

    /** Begins to ask and waits for all first answers, but not longer than {@code patience}. */
    void start(Duration patience) throws InterruptedException {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        watcher.ifPresent(asking -> answers.add(begin(asking)));
        byName.values().forEach(target -> answers.add(target.start().toCompletableFuture()));
        await(answers, patience);
    }

    /**
     * Asks for what is new in other settings, and no longer for what has gone. What is known about WSL stays until the
     * new way of asking knows better.
     *
     * @param patience to wait for first answers
     */
    void change(Settings all, Duration patience) throws InterruptedException {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        WslSettings next = all.wsl();
        List<Forward> forwards = all.forwards();
        boolean ask = isNeeded(all) && next.address().isEmpty();
        boolean looks = all.auto().isPresent();
        boolean other = !next.equals(settings) || ask != watcher.isPresent() || looks != looksForSockets;
        settings = next;
        looksForSockets = looks;
        listensForWsl = listenForWsl(forwards);
        if (other) {
            watcher.ifPresent(VmMonitor::close);
            watcher = watcher(all);
            letClientsWait();
            next.address().ifPresent(address -> wsl.publish(initialState(next, true)));
            watcher.ifPresent(asking -> answers.add(begin(asking)));
        }
        Set<String> names = names(forwards);
        for (String name : names) {
            if (!byName.containsKey(name)) {
                DnsTarget target = named(name);
                byName.put(name, target);
                answers.add(target.start().toCompletableFuture());
            }
        }
        byName.forEach((name, target) -> {
            if (!names.contains(name)) {
                target.close();
                byName.remove(name);
            }
        });
        lookForAdapter();
        await(answers, patience);
    }

    private static CompletableFuture<?> begin(VmMonitor asking) {
        asking.start();
        return asking.firstProbe().toCompletableFuture();
    }

    private static void await(List<CompletableFuture<?>> answers, Duration patience) throws InterruptedException {
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stillAsking) {
            // It is published when it is known; clients are refused until then.
        }
    }

    /**
     * To be called when the adapters of this computer have changed, which the VM may have caused by its start or end.
     * May block.
     */
    void adaptersChanged() {
        watcher.ifPresent(VmMonitor::probeSoon);
        lookForAdapter();
    }

    /** Asks as soon as that may be done again; false if there is nothing to ask. */
    boolean probeSoon() {
        watcher.ifPresent(VmMonitor::probeSoon);
        return watcher.isPresent();
    }

    /** Finds where entries {@code wsl:PORT} listen, if there is one. May block. */
    void lookForAdapter() {
        if (listensForWsl) {
            wslAdapter.refresh();
        }
    }

    HostAdapter wslSide() {
        return wslAdapter;
    }

    CurrentTarget wsl() {
        return wsl;
    }

    TargetSource of(Forward forward) {
        Host host = forward.target().host();
        if (host instanceof Host.Address address) {
            return TargetSource.fixed(address.value());
        }
        if (!(host instanceof Host.Name name)) {
            return wsl;
        }
        TargetSource known = byName.get(name.value());
        return known == null ? GONE : known;
    }

    @Override
    public void close() {
        waker.ifPresent(VmStarter::close);
        watcher.ifPresent(VmMonitor::close);
    }
}
