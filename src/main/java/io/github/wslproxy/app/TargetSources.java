package io.github.wslproxy.app;

import io.github.wslproxy.config.WslSettings;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSide;
import io.github.wslproxy.wsl.TargetWatcher;
import io.github.wslproxy.wsl.WslAdapter;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Where the targets of all forwards are: one source for WSL, one for each name, a fixed one for each address. */
final class TargetSources implements AutoCloseable {
    private final CurrentTarget wsl;
    private final Optional<TargetWatcher> watcher;
    private final WslAdapter wslAdapter;
    private final boolean listensForWsl;
    private final Map<String, NamedTarget> byName = new HashMap<>();

    /**
     * Asks nobody yet.
     *
     * @param lookups threads that may block
     * @param inUse whether any link or session is open
     */
    TargetSources(
            WslSettings settings, List<Forward> forwards, ScheduledExecutorService lookups, BooleanSupplier inUse) {
        listensForWsl =
                forwards.stream().flatMap(forward -> forward.listens().stream()).anyMatch(TargetSources::isWsl);
        boolean needed = listensForWsl || forwards.stream().anyMatch(forward -> isWsl(forward.target()));
        wsl = new CurrentTarget(Clock.systemUTC(), initialState(settings, needed));
        watcher = needed && settings.address().isEmpty()
                ? Optional.of(new TargetWatcher(Discovery.probe(settings, inUse), wsl, settings.interval()))
                : Optional.empty();
        wslAdapter = WslAdapter.ofThisComputer(wsl);
        for (Forward forward : forwards) {
            if (forward.target().host() instanceof Host.Name name) {
                byName.computeIfAbsent(
                        name.value(), value -> new NamedTarget(value, InetAddress::getAllByName, lookups));
            }
        }
    }

    private static boolean isWsl(Endpoint endpoint) {
        return endpoint.host() instanceof Host.Wsl;
    }

    private static TargetState initialState(WslSettings settings, boolean needed) {
        if (settings.address().isPresent()) {
            return new TargetState.Up(settings.address().get(), "fixed by [wsl] address");
        }
        return new TargetState.Unknown(
                needed ? "the first look is not over yet" : "no forward leads to WSL or listens for it");
    }

    /** Begins to ask and waits for all first answers, but not longer than {@code patience}. */
    void start(Duration patience) throws InterruptedException {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        watcher.ifPresent(asking -> {
            asking.start();
            answers.add(asking.firstProbe().toCompletableFuture());
        });
        byName.values().forEach(target -> answers.add(target.start().toCompletableFuture()));
        try {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stillAsking) {
            // It is published when it is known; clients are refused until then.
        }
    }

    /**
     * To be called when the adapters of this computer have changed, which the VM may have caused by its start or end. May
     * block.
     */
    void adaptersChanged() {
        watcher.ifPresent(TargetWatcher::probeSoon);
        lookForAdapter();
    }

    /** Finds where entries {@code wsl:PORT} listen, if there is one. May block. */
    void lookForAdapter() {
        if (listensForWsl) {
            wslAdapter.refresh();
        }
    }

    WslSide wslSide() {
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
        return host instanceof Host.Name name ? Objects.requireNonNull(byName.get(name.value())) : wsl;
    }

    @Override
    public void close() {
        watcher.ifPresent(TargetWatcher::close);
    }
}
