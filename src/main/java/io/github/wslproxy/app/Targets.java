package io.github.wslproxy.app;

import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.HostAdapter;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.wsl.GuestSocket;
import io.github.wslproxy.wsl.VmMonitor;
import io.github.wslproxy.wsl.VmMonitor.Interest;
import io.github.wslproxy.wsl.WslAdapter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the targets of all forwards are: one source for WSL, one for each name, a fixed one for each address. */
final class Targets implements AutoCloseable {
    /** The target of a name that an edit has just taken away. */
    private static final TargetSource GONE =
            () -> new TargetState.Unknown("its name is no longer in the configuration");

    /** Clients that come before the first answer about a target would be refused, so it is waited for. */
    private static final Duration FIRST_ANSWERS = Duration.ofSeconds(3);

    private final VmMonitor vm;
    private final LocalhostFallback vmByTcp;
    private final WslAdapter wslAdapter;
    private final ScheduledExecutorService lookups;
    private final Map<String, DnsTarget> byName = new ConcurrentHashMap<>();
    private volatile boolean listensForWsl;

    /**
     * Asks nobody yet.
     *
     * @param lookups threads that may block
     * @param isPortOfWslproxy whether a status server or another wslproxy may listen on that port of localhost
     * @param inUse whether any connection or session is open
     * @param onSockets told, on a thread that asks WSL, who listens in the VM, if {@code [auto]} wants to know
     */
    Targets(
            Settings all,
            ScheduledExecutorService lookups,
            IntPredicate isPortOfWslproxy,
            BooleanSupplier inUse,
            Consumer<List<GuestSocket>> onSockets) {
        this.lookups = lookups;
        this.vm = new VmMonitor(all.wsl(), interest(all), inUse, onSockets);
        this.vmByTcp =
                new LocalhostFallback(vm.target(), isPortOfWslproxy, all.wsl().localhost());
        this.wslAdapter = WslAdapter.ofThisComputer(vm.target());
        listensForWsl = listenForWsl(all.forwards());
        names(all.forwards()).forEach(name -> byName.put(name, named(name)));
    }

    private static Interest interest(Settings all) {
        if (all.auto().isPresent()) {
            return Interest.SOCKETS;
        }
        List<Forward> forwards = all.forwards();
        boolean leadThere = forwards.stream().anyMatch(forward -> isWsl(forward.target()));
        return leadThere || listenForWsl(forwards) ? Interest.ADDRESS : Interest.NONE;
    }

    private static boolean listenForWsl(List<Forward> forwards) {
        return forwards.stream().flatMap(forward -> forward.listens().stream()).anyMatch(Targets::isWsl);
    }

    /** What a new client gets while the VM is stopped. */
    OnStopped onStopped() {
        return vm.onStopped();
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

    /** Begins to ask, and waits some seconds at most for all first answers. */
    void start() throws InterruptedException {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        answers.add(vm.start().toCompletableFuture());
        byName.values().forEach(target -> answers.add(target.start().toCompletableFuture()));
        await(answers);
    }

    /**
     * Asks for what is new in other settings, and no longer for what has gone. What is known about WSL stays until the
     * new way of asking knows better. Waits some seconds at most for first answers.
     */
    void change(Settings all) throws InterruptedException {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        List<Forward> forwards = all.forwards();
        listensForWsl = listenForWsl(forwards);
        vmByTcp.enable(all.wsl().localhost());
        answers.add(vm.change(all.wsl(), interest(all)).toCompletableFuture());
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
        await(answers);
    }

    private static void await(List<CompletableFuture<?>> answers) throws InterruptedException {
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .get(FIRST_ANSWERS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stillAsking) {
            // It is published when it is known; clients are refused until then.
        }
    }

    /**
     * Looks again after the adapters of this computer have changed, which the VM may have caused by its start or end.
     * May block.
     */
    void adaptersChanged() {
        vm.probeSoon();
        lookForAdapter();
    }

    /** Asks as soon as that may be done again; false if there is nothing to ask. */
    boolean probeSoon() {
        return vm.probeSoon();
    }

    /** Finds where entries {@code wsl:PORT} listen, if there is one. May block. */
    void lookForAdapter() {
        if (listensForWsl) {
            wslAdapter.refresh();
        }
    }

    HostAdapter hostAdapter() {
        return wslAdapter;
    }

    CurrentTarget wsl() {
        return vm.target();
    }

    TargetSource of(Forward forward, Protocol protocol) {
        Host host = forward.target().host();
        if (host instanceof Host.Address address) {
            return TargetSource.fixed(address.value());
        }
        if (!(host instanceof Host.Name name)) {
            return protocol == Protocol.TCP ? vmByTcp : vm.target();
        }
        TargetSource known = byName.get(name.value());
        return known == null ? GONE : known;
    }

    @Override
    public void close() {
        vm.close();
    }
}
