package io.github.wslproxy.wsl;

import io.github.wslproxy.target.CurrentTarget;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the VM: publishes in {@link #target()} where it is, asks again after a failed connect, and starts it for a
 * client that waits, all as the settings say. {@link #start}, {@link #change} and {@link #close} are for one thread at
 * a time; what is read is safe for any thread.
 */
public final class VmMonitor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(VmMonitor.class);

    private final ProbeFactory probes;
    private final Function<WslSettings, Optional<VmStarter>> starters;
    private final Consumer<List<GuestSocket>> onSockets;
    private final LongSupplier nanoTime;
    private final CurrentTarget target;
    private volatile WslSettings settings;
    private volatile Interest interest;
    private volatile Optional<VmStarter> starter = Optional.empty();
    private volatile @Nullable ProbeLoop asking;

    /** How much is to be known about the VM. */
    public enum Interest {
        /** No forward leads to the VM or listens for it. */
        NONE,
        /** Forwards need the address of the VM. */
        ADDRESS,
        /** {@code [auto]} needs its address, and who listens inside. */
        SOCKETS
    }

    /** Makes the probe that the settings ask for. */
    interface ProbeFactory {
        WslProbe create(WslSettings settings, Supplier<Optional<InetAddress>> inUse, boolean withSockets);
    }

    /**
     * Asks nobody before {@link #start}.
     *
     * @param hasConnections whether connections to the VM are open, which keep it awake anyway
     * @param onSockets told, on a thread that asks WSL, who listens in the VM; the list is empty while the VM is
     *     stopped or its ports are on the LAN already
     */
    public VmMonitor(
            WslSettings settings,
            Interest interest,
            BooleanSupplier hasConnections,
            Consumer<List<GuestSocket>> onSockets) {
        this(
                settings,
                interest,
                (asked, inUse, withSockets) -> WslProbes.of(asked, inUse, hasConnections, withSockets),
                WslProbes::starter,
                onSockets,
                System::nanoTime);
    }

    VmMonitor(
            WslSettings settings,
            Interest interest,
            ProbeFactory probes,
            Function<WslSettings, Optional<VmStarter>> starters,
            Consumer<List<GuestSocket>> onSockets,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.interest = interest(settings, interest);
        this.probes = probes;
        this.starters = starters;
        this.onSockets = onSockets;
        this.nanoTime = nanoTime;
        this.target = new CurrentTarget(Clock.systemUTC(), fixed(settings).orElseGet(() -> notAsked(interest)));
        target.onConnectFailed(this::probeSoon);
    }

    /** A fixed address leaves nothing to ask for. */
    private static Interest interest(WslSettings settings, Interest wanted) {
        return settings.address().isPresent() ? Interest.NONE : wanted;
    }

    private static Optional<TargetState> fixed(WslSettings settings) {
        return settings.address().map(address -> new TargetState.Up(address, "fixed by [wsl] address"));
    }

    private static TargetState notAsked(Interest interest) {
        return new TargetState.Unknown(
                interest == Interest.NONE ? "no forward leads to WSL or listens for it" : "WSL has not answered yet");
    }

    /** The state of the VM, which this monitor publishes. */
    public CurrentTarget target() {
        return target;
    }

    /** What a new client gets while the VM is stopped; where nothing can start it, wake is no more than hold. */
    public OnStopped onStopped() {
        OnStopped asked = settings.onStopped();
        return asked == OnStopped.WAKE && starter.isEmpty() ? OnStopped.HOLD : asked;
    }

    /**
     * Begins to follow the VM. Call it once.
     *
     * @return completes, never exceptionally, when the first answer is published, or none is to be expected
     */
    public CompletionStage<?> start() {
        boolean asks = interest != Interest.NONE;
        starter = asks && settings.onStopped() == OnStopped.WAKE ? starters.apply(settings) : Optional.empty();
        sayWhatHasNoEffect(asks);
        Duration hold = settings.onStopped() == OnStopped.REFUSE ? Duration.ZERO : settings.hold();
        target.whileStopped(hold, this::wake);
        fixed(settings).ifPresent(target::publish);
        if (!asks) {
            return CompletableFuture.completedStage(null);
        }
        WslProbe probe = probes.create(settings, () -> target.current().address(), interest == Interest.SOCKETS);
        ProbeLoop loop = new ProbeLoop(probe, settings.interval(), target, starter, onSockets, nanoTime);
        asking = loop;
        return loop.start();
    }

    private void sayWhatHasNoEffect(boolean asks) {
        if (asks && settings.onStopped() == OnStopped.WAKE && starter.isEmpty()) {
            log.warn("on_stopped = \"wake\" is no more than \"hold\" here:"
                    + " only Windows has the wsl.exe that starts WSL");
        }
        if (settings.address().isPresent() && settings.onStopped() != OnStopped.REFUSE) {
            log.warn("[wsl] on_stopped has no effect: a fixed address is always taken for that of a running VM");
        }
    }

    /**
     * Follows the VM as other settings say. What is known stays until the new way of asking knows better.
     *
     * @return as {@link #start}
     */
    public CompletionStage<?> change(WslSettings next, Interest wanted) {
        Interest nextInterest = interest(next, wanted);
        if (next.equals(settings) && nextInterest == interest) {
            return CompletableFuture.completedStage(null);
        }
        close();
        settings = next;
        interest = nextInterest;
        return start();
    }

    /** Asks as soon as that may be done again, and never blocks; false if there is nothing to ask. */
    public boolean probeSoon() {
        ProbeLoop loop = asking;
        if (loop != null) {
            loop.probeSoon();
        }
        return loop != null;
    }

    private void wake() {
        if (starter.isPresent() && starter.get().wake()) {
            probeSoon();
        }
    }

    /** Ends a probe and a start that are under way, with their processes. What is published stays. */
    @Override
    public void close() {
        starter.ifPresent(VmStarter::close);
        starter = Optional.empty();
        ProbeLoop loop = asking;
        asking = null;
        if (loop != null) {
            loop.close();
        }
    }
}
