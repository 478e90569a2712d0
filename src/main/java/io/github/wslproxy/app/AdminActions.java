package io.github.wslproxy.app;

import io.github.wslproxy.app.ForwardSet.Share;
import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.NamedThreads;
import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.relay.ConnectionInfo;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Relay;
import io.github.wslproxy.status.AdminApi;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.status.StatusAnswer.ActionResult;
import io.github.wslproxy.wsl.GuestSocket;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what is asked of the running proxy, one thing at a time, on a thread of its own. */
final class AdminActions implements AdminApi, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminActions.class);
    private static final int MOST_SHARES = 64;
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(7);

    /** Whoever asks waits for so long; what is not done by then is done later. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK_FOR_SHARES = Duration.ofSeconds(10);

    private final ForwardEditor forwards;
    private final RunningRelays relays;
    private final BooleanSupplier probe;
    private final Supplier<Snapshot> snapshots;
    private final OwnCommand commands;
    private final NamedThreads thread = new NamedThreads("wslproxy-controls", 1);
    private final ShareTimer shares;

    /**
     * Does nothing by itself.
     *
     * @param probe asks WSL where it is as soon as that may be done again; false if there is nothing to ask
     * @param snapshots how everything stands
     * @param commands are named in answers, to be copied
     */
    AdminActions(
            ForwardEditor forwards,
            RunningRelays relays,
            BooleanSupplier probe,
            Supplier<Snapshot> snapshots,
            OwnCommand commands) {
        this(forwards, relays, probe, snapshots, commands, ShareTimer.TIME_OF_DAY, System::nanoTime, LOOK_FOR_SHARES);
    }

    /** @param longestWait as in {@link ShareTimer} */
    AdminActions(
            ForwardEditor forwards,
            RunningRelays relays,
            BooleanSupplier probe,
            Supplier<Snapshot> snapshots,
            OwnCommand commands,
            Clock clock,
            LongSupplier nanoTime,
            Duration longestWait) {
        this.forwards = forwards;
        this.relays = relays;
        this.probe = probe;
        this.snapshots = snapshots;
        this.commands = commands;
        this.shares = new ShareTimer(forwards, thread, clock, nanoTime, longestWait);
    }

    @Override
    public ActionResult pause(String forward) {
        return carryOut(() -> pause(forward, true));
    }

    @Override
    public ActionResult resume(String forward) {
        return carryOut(() -> pause(forward, false));
    }

    private ActionResult pause(String forward, boolean pause) throws InterruptedException {
        if (!forwards.current().names().contains(forward)) {
            return noForward(forward);
        }
        forwards.edit(live -> live.withPause(forward, pause));
        if (pause) {
            return done("[" + forward + "] is paused; new connections are refused");
        }
        String problems = problems(forward);
        return problems.isEmpty()
                ? done("[" + forward + "] is resumed")
                : ActionResult.refused("[" + forward + "] is resumed" + problems);
    }

    @Override
    public ActionResult share(ShareRequest request) {
        return carryOut(() -> begin(request));
    }

    private ActionResult begin(ShareRequest request) throws InterruptedException {
        ForwardSet live = forwards.current();
        String name = request.name();
        if (request.length().compareTo(SHORTEST) < 0 || request.length().compareTo(LONGEST) > 0) {
            return ActionResult.refused("a share lasts " + Durations.format(SHORTEST) + " to "
                    + Durations.format(LONGEST) + ", not " + Durations.format(request.length()));
        }
        ForwardSet others = live.without(name);
        if (others.shares().size() >= MOST_SHARES) {
            return ActionResult.refused("there are " + MOST_SHARES + " shares already; stop one with: "
                    + commands.line("share --stop PORT"));
        }
        Share share;
        try {
            share = Share.of(
                    request, shares.endAfter(request.length()), live.file().defaults());
        } catch (IllegalArgumentException refused) {
            return ActionResult.refused(String.valueOf(refused.getMessage()));
        }
        Optional<Forward> inTheWay = others.withAppeared(List.of()).inTheWay(share.forward());
        if (inTheWay.isPresent()) {
            return ActionResult.refused(
                    inTheWay.get().name().equals(name)
                            ? "the name " + name + " belongs to a forward of the file"
                            : "port " + request.port() + " is forwarded already, by ["
                                    + inTheWay.get().name() + "]");
        }
        if (isStatusPort(request)) {
            return ActionResult.refused("port " + request.port() + " is that of the status page");
        }
        forwards.edit(now -> now.with(share));
        shares.schedule();
        return done("[" + name + "] shares " + share.forward().protocolWord() + " port " + request.port() + " for "
                + Durations.format(request.length()) + problems(name));
    }

    private boolean isStatusPort(ShareRequest request) {
        return request.protocols().contains(Protocol.TCP)
                && forwards.current()
                        .file()
                        .status()
                        .listen()
                        .filter(listen -> listen.getPort() == request.port())
                        .isPresent();
    }

    private String problems(String name) {
        return snapshots.get().forwards().stream()
                .filter(forward ->
                        forward.name().equals(name) && !forward.error().isEmpty())
                .map(forward -> "; but " + forward.error())
                .collect(Collectors.joining());
    }

    @Override
    public ActionResult stopShare(String name) {
        return carryOut(() -> {
            if (!isShare(name)) {
                return ActionResult.refused(
                        "there is no share " + name + "; to see those there are: " + commands.line("share --list"));
            }
            forwards.edit(live -> live.without(name));
            return done("[" + name + "] is no longer shared; open connections end within seconds");
        });
    }

    private boolean isShare(String name) {
        return forwards.current().shares().stream()
                .anyMatch(share -> share.name().equals(name));
    }

    /** Goes on with who listens in the VM now; any thread may call it. */
    void look(List<GuestSocket> sockets) {
        try {
            thread.submit(() -> {
                forwards.look(sockets);
                return sockets;
            });
        } catch (RejectedExecutionException stopping) {
            log.debug("what appears in WSL is not followed any more", stopping);
        }
    }

    @Override
    public ActionResult end(String forward, Protocol protocol, InetSocketAddress client) {
        return carryOut(() -> {
            boolean any = false;
            for (Relay relay : relays.of(forward)) {
                any |= relay.protocol() == protocol && soon(relay.end(client), false);
            }
            return any
                    ? done("[" + forward + "] " + Peer.name(client) + " " + protocol + " was ended by hand")
                    : ActionResult.refused("[" + forward + "] has no open " + protocol + " of " + Peer.name(client));
        });
    }

    @Override
    public ActionResult probe() {
        return probe.getAsBoolean()
                ? ActionResult.done("WSL is asked where it is")
                : ActionResult.refused("there is nothing to ask: [wsl] address is fixed, or no forward leads to WSL");
    }

    @Override
    public Optional<List<ConnectionView>> links(String forward) {
        List<Relay> running = relays.of(forward);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        List<ConnectionView> links = new ArrayList<>();
        running.forEach(relay -> soon(relay.connections(), List.of()).stream()
                .map(AdminActions::view)
                .forEach(links::add));
        return Optional.of(links);
    }

    private static ConnectionView view(ConnectionInfo pairing) {
        return new ConnectionView(
                pairing.protocol(),
                Peer.name(pairing.client()),
                pairing.target(),
                pairing.age(),
                pairing.bytesIn(),
                pairing.bytesOut());
    }

    private static <T> T soon(CompletionStage<T> stage, T otherwise) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException notTold) {
            return otherwise;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return otherwise;
        }
    }

    private ActionResult noForward(String name) {
        return ActionResult.refused("there is no forward " + name + " (there are "
                + String.join(", ", forwards.current().names().stream().sorted().toList()) + ")");
    }

    private static ActionResult done(String line) {
        log.info("{}", line);
        return ActionResult.done(line);
    }

    /** An exchange that is cut off must not leave a change half done, so it only waits. */
    private ActionResult carryOut(Callable<ActionResult> work) {
        try {
            Future<ActionResult> outcome = thread.submit(work);
            return outcome.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            return ActionResult.done("it is under way; look again in a moment");
        } catch (RejectedExecutionException | ExecutionException ending) {
            return ActionResult.refused("wslproxy is stopping, or has a defect that its log tells");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return ActionResult.refused("nobody waited for it");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
