package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.ClientKey;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.RefusalCode;
import io.github.wslproxy.relay.tcp.ConnectState.Connecting;
import io.github.wslproxy.relay.tcp.ConnectState.Done;
import io.github.wslproxy.relay.tcp.ConnectState.Looking;
import io.github.wslproxy.relay.tcp.ConnectState.Queued;
import io.github.wslproxy.relay.tcp.ConnectState.Waiting;
import io.github.wslproxy.relay.tcp.TcpDialer.ConnectResult;
import io.github.wslproxy.relay.tcp.TcpDialer.Dial;
import io.github.wslproxy.target.TargetSource;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects one client to its target: at once where the target is known to be. A target that is not there, or has just
 * come up and does not answer yet, is waited for as far as the settings allow. Lives on the client's event loop.
 */
final class TargetConnector implements ConnectQueue.Waiter, TcpDialer.Caller {
    /** A change of the target is told. This is for what nobody tells, such as a VM that may be started again by now. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Enough to find that a VM that does not answer has stopped, where clients are held then. */
    private static final Duration PROBE = Duration.ofSeconds(3);

    private final ConnectQueue queue;
    private final TcpDialer dialer;
    private final IoEventLoop loop;
    private final ClientKey clientKey;
    private final ListenerConfig config;
    private final TargetSource source;
    private final Duration connectTimeout;
    private final Duration hold;
    private final long began = System.nanoTime();
    private final Client client;

    /** What it holds is given back when the {@linkplain #become next} one takes its place. */
    private ConnectState state = new Looking();

    private Duration pause = FIRST_PAUSE;
    private boolean hasPlaceToWait;

    /** Whether the client was told the end, or has left. */
    private boolean isOver;

    /** How long the client waits in all, and what for; null while it has not begun to wait. */
    private @Nullable Duration patience;

    private @Nullable Refusal lastProblem;

    /** Who is to be connected. All methods are called on the event loop. */
    interface Client {
        /** The client waits, perhaps for some time already; {@code problem} is what for. */
        void waits(Refusal problem);

        /**
         * Called once, perhaps before {@link TargetConnector#connect} returns, but never after
         * {@link TargetConnector#abandon}.
         */
        void connectEnded(ConnectResult result);
    }

    /**
     * Does nothing yet.
     *
     * @param loop the client's
     */
    TargetConnector(
            ConnectQueue queue,
            TcpDialer dialer,
            IoEventLoop loop,
            ClientKey clientKey,
            ListenerConfig config,
            Client client) {
        this.queue = queue;
        this.dialer = dialer;
        this.loop = loop;
        this.clientKey = clientKey;
        this.config = config;
        this.source = config.source();
        this.connectTimeout = config.forward().timeouts().connect();
        this.hold = source.holdTimeout();
        this.client = client;
    }

    /** Begins. Call it once, on the event loop. */
    void connect() {
        guarded(this::look);
    }

    /** Chooses the next step anew: a connect may begin now, or the target has changed. Safe for any thread. */
    @Override
    public void reconsider() {
        loop.execute(() -> guarded(() -> {
            if (!(state instanceof Connecting connecting)) {
                look();
            } else if (hasMoved(connecting.dial())) {
                become(new Looking());
                look();
            }
        }));
    }

    /** Has the client refused unless it is connected or refused. Call it on the event loop. */
    void stop() {
        if (!(state instanceof Done)) {
            refuse(Refusal.stopping());
        }
    }

    /** Ends without a result: the client has left. Call it on the event loop. */
    void abandon() {
        isOver = true;
        leave();
    }

    private void leave() {
        become(new Done());
        if (hasPlaceToWait) {
            hasPlaceToWait = false;
            queue.waitEnded(clientKey);
        }
    }

    /** A step that fails costs this client, which nobody would look after any more. */
    private void guarded(Runnable step) {
        Fault.contain(step, failure -> finish(new ConnectResult.NotConnected(Refusal.unexpected(Fault.line(failure)))));
    }

    private void become(ConnectState next) {
        ConnectState before = state;
        state = next;
        if (before instanceof Waiting waiting) {
            waiting.nextLook().cancel(false);
        } else if (before instanceof Queued queued) {
            queued.nextLook().cancel(false);
            if (!(next instanceof Queued)) {
                queue.leave(this);
            }
        } else if (before instanceof Connecting connecting) {
            connecting.dial().abandon();
        }
    }

    private void look() {
        if (state instanceof Done) {
            return;
        }
        List<InetSocketAddress> targets = config.targets();
        List<InetSocketAddress> others = new ArrayList<>(targets);
        others.removeIf(target -> !config.isLocalhostRelay(target) && dialer.leadsBack(target));
        if (targets.isEmpty()) {
            waitForTarget(Refusal.targetAbsent(source.current(), config.forward()));
        } else if (config.isLocalhostOnly(others)) {
            refuse(Refusal.loop(config.target().orElse(targets.get(0))));
        } else if (lastProblem != null && timeLeft().isZero()) {
            giveUp(lastProblem);
        } else if (queue.beginConnect()) {
            dial(others);
        } else {
            queue();
        }
    }

    private void waitForTarget(Refusal problem) {
        if (hold.isZero()) {
            refuse(problem);
            return;
        }
        patience = hold;
        lookAgain(LOOK, problem);
        if (state instanceof Waiting) {
            source.requestWake();
        }
    }

    /** A burst of clients is served in turns, and each waits no longer than its connect may take. */
    private void queue() {
        patience = patience == null ? connectTimeout : patience;
        Refusal problem = Refusal.connectingLimit(queue.max());
        lastProblem = problem;
        boolean isNew = !(state instanceof Queued);
        become(new Queued(scheduleLook(LOOK)));
        if (isNew) {
            queue.queue(this);
        }
        client.waits(problem);
    }

    private void dial(List<InetSocketAddress> addresses) {
        Duration limit = Durations.shorter(connectTimeout, timeLeft());
        Dial dial = dialer.dial(loop, addresses, limit, this);
        become(new Connecting(dial));
        dial.begin();
    }

    @Override
    public boolean isLocalhostRelay(InetSocketAddress address) {
        return config.isLocalhostRelay(address);
    }

    @Override
    public void targetIsSilent() {
        guarded(source::connectFailed);
    }

    @Override
    public void dialEnded(Dial dial, ConnectResult ended) {
        Fault.escalating(() -> handle(dial, ended));
    }

    private void handle(Dial dial, ConnectResult ended) {
        queue.connectEnded();
        if (!(state instanceof Connecting connecting) || connecting.dial() != dial) {
            return; // It was abandoned, and was pending until now.
        }
        if (ended instanceof ConnectResult.Connected connected) {
            guarded(() -> connected(connected));
        } else if (ended instanceof ConnectResult.NotConnected failed) {
            guarded(() -> failed(failed.reason(), dial.foundSilence()));
        }
    }

    private void connected(ConnectResult.Connected connected) {
        try {
            source.worked(connected.address());
        } catch (RuntimeException | Error failure) {
            connected.target().reset();
            throw failure;
        }
        finish(connected);
    }

    /** @param foundSilence the source may find, some time after the connect timeout, that the target has stopped */
    private void failed(Refusal problem, boolean foundSilence) {
        Duration more = foundSilence ? Durations.shorter(PROBE, hold) : Duration.ZERO;
        if (problem.code() != RefusalCode.CONNECT_FAILED) {
            refuse(problem);
            return;
        }
        source.connectFailed(config.mapping().targetPort());
        if (source.current().address().isEmpty() && !hold.isZero()) {
            waitForTarget(problem);
        } else if (patience != null || source.recentlyChanged() || !more.isZero()) {
            patience = patience == null ? connectTimeout.plus(more) : patience;
            lookAgain(pause, problem);
            pause = Durations.shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        } else {
            refuse(problem);
        }
    }

    private void lookAgain(Duration time, Refusal problem) {
        become(new Looking());
        lastProblem = problem;
        if (timeLeft().isZero()) {
            giveUp(problem);
            return;
        }
        hasPlaceToWait = hasPlaceToWait || queue.beginWait(clientKey);
        if (hasPlaceToWait) {
            become(new Waiting(scheduleLook(time)));
            client.waits(problem);
        } else {
            refuse(Refusal.waitingLimit(ConnectQueue.MOST_WAITING, problem));
        }
    }

    private ScheduledFuture<?> scheduleLook(Duration time) {
        return loop.schedule(
                () -> guarded(this::look), Durations.shorter(time, timeLeft()).toNanos(), TimeUnit.NANOSECONDS);
    }

    private void giveUp(Refusal problem) {
        refuse(problem.afterWaiting(patience == null ? Duration.ZERO : patience));
    }

    private void refuse(Refusal reason) {
        if (state instanceof Queued) {
            queue.countRefused();
        }
        finish(new ConnectResult.NotConnected(reason));
    }

    private void finish(ConnectResult end) {
        leave();
        if (!isOver) {
            isOver = true;
            client.connectEnded(end);
        }
    }

    /** A client that does not wait has the whole connect timeout. */
    private Duration timeLeft() {
        if (patience == null) {
            return connectTimeout;
        }
        Duration left = patience.minusNanos(System.nanoTime() - began);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether the rest of a connect timeout would be spent on where the target was. */
    private boolean hasMoved(Dial dial) {
        return config.targets().isEmpty() ? !hold.isZero() : config.ownTargets().noneMatch(dial.addresses()::contains);
    }
}
