package io.github.wslproxy.app;

import io.github.wslproxy.config.WslSettings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetSource;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.wsl.TargetWatcher;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Where the targets of all forwards are: one source for WSL, one for each name, a fixed one for each address. */
final class TargetSources implements AutoCloseable {
    private final CurrentTarget wsl;
    private final Optional<TargetWatcher> watcher;
    private final ScheduledExecutorService control;
    private final Map<String, NamedTarget> byName = new HashMap<>();

    /**
     * Asks nobody yet.
     *
     * @param control a thread that may block
     * @param inUse whether any link or session is open
     */
    TargetSources(
            WslSettings settings, List<Forward> forwards, ScheduledExecutorService control, BooleanSupplier inUse) {
        this.control = control;
        boolean needed = forwards.stream().anyMatch(forward -> forward.target().host() instanceof Host.Wsl);
        wsl = new CurrentTarget(Clock.systemUTC(), initialState(settings, needed));
        watcher = needed && settings.address().isEmpty()
                ? Optional.of(new TargetWatcher(Discovery.probe(settings, inUse), wsl, settings.interval()))
                : Optional.empty();
    }

    private static TargetState initialState(WslSettings settings, boolean needed) {
        if (settings.address().isPresent()) {
            return new TargetState.Up(settings.address().get(), "fixed by [wsl] address");
        }
        return new TargetState.Unknown(needed ? "not asked yet" : "no forward leads to WSL");
    }

    /** Begins to ask and waits for the first answer, but not longer than {@code patience}. */
    void start(Duration patience) throws InterruptedException {
        if (watcher.isEmpty()) {
            return;
        }
        watcher.get().start();
        try {
            watcher.get().firstProbe().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException stillAsking) {
            // The watcher goes on asking and publishes when it knows; clients are refused until then.
        }
    }

    CurrentTarget wsl() {
        return wsl;
    }

    TargetSource of(Forward forward) {
        Host host = forward.target().host();
        if (host instanceof Host.Address address) {
            return TargetSource.fixed(address.value());
        }
        if (host instanceof Host.Name name) {
            return byName.computeIfAbsent(name.value(), this::named);
        }
        return wsl;
    }

    private NamedTarget named(String name) {
        NamedTarget target = new NamedTarget(name, InetAddress::getAllByName, control);
        target.start();
        return target;
    }

    @Override
    public void close() {
        watcher.ifPresent(TargetWatcher::close);
    }
}
