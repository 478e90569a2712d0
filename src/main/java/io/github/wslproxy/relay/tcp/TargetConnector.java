package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.os.Fault;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.relay.Client;
import io.github.wslproxy.relay.ListenerConfig;
import io.github.wslproxy.relay.SocketErrors;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.target.TargetSource;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one client from its admission to its target. It is dialled at once where it is known to be; one that is
 * not there, or has come up moments ago and does not answer yet, is waited for as far as the settings allow. Lives on
 * the client's event loop.
 */
final class TargetConnector implements ConnectQueue.Waiting {
    private static final Logger log = LoggerFactory.getLogger(TargetConnector.class);

    /** A change of the target is told; this is for what nobody tells, such as a VM that may be started again by now. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final TcpRelay relay;
    private final ListenerConfig duty;
    private final Timeouts timeouts;
    private final Channel client;
    private final Client who;
    private final ChannelFutureListener whenClosed = unused -> left();
    private final End end;
    private final Duration hold;
    private final long began = System.nanoTime();
    private @Nullable Duration patience;
    private Duration pause = FIRST_PAUSE;
    private @Nullable Refusal lastProblem;
    private @Nullable Preread input;
    private @Nullable ScheduledFuture<?> timer;
    private @Nullable Dial dial;
    private boolean isQueued;
    private boolean isInRoom;
    private boolean over;

    /** How it ended, unless the client left. Called on the client's event loop. */
    interface End {
        /** Everything handed over belongs to the callee. */
        void arrived(TcpSocket target, Early early);

        /** The client is still open. */
        void refused(Refusal reason);
    }

    /** @param client not read from yet */
    TargetConnector(TcpRelay relay, ListenerConfig duty, Timeouts timeouts, Channel client, Client who, End end) {
        this.relay = relay;
        this.duty = duty;
        this.timeouts = timeouts;
        this.client = client;
        this.who = who;
        this.end = end;
        this.hold = duty.source().hold();
    }

    /** Call it once, on the client's event loop. */
    void begin() {
        guarded(this::enter);
    }

    private void enter() {
        relay.approaches().add(this);
        client.closeFuture().addListener(whenClosed);
        look();
    }

    @Override
    public void legIsFree() {
        reconsider();
    }

    /** To be called, on any thread, when the target has changed or the relay stops. */
    void reconsider() {
        client.eventLoop()
                .execute(() -> guarded(() -> {
                    if (dial == null || relay.isStopping() || dial.hasMoved()) {
                        abandonDial();
                        look();
                    }
                }));
    }

    /** A step that fails costs this client, which nobody would look after any more. */
    private void guarded(Runnable step) {
        Fault.contain(step, failure -> {
            if (!over) {
                finish();
            }
            end.refused(Refusal.unexpected(Fault.line(failure)));
        });
    }

    private void abandonDial() {
        if (dial != null) {
            Dial abandoned = dial;
            dial = null;
            abandoned.close();
        }
    }

    private void look() {
        if (over) {
            return;
        }
        cancelTimer();
        if (relay.isStopping()) {
            refuse(Refusal.stopping());
            return;
        }
        List<InetSocketAddress> targets = targets();
        List<InetSocketAddress> others =
                targets.stream().filter(target -> !leadsBack(target)).toList();
        if (targets.isEmpty()) {
            waitForTarget(Refusal.targetAbsent(source().current(), duty.forward()));
        } else if (others.isEmpty()) {
            refuse(Refusal.loop(targets.get(0)));
        } else if (lastProblem != null && timeLeft().isZero()) {
            giveUp(lastProblem);
        } else if (relay.legs().take()) {
            leaveQueue();
            new Dial(others).begin();
        } else {
            queue();
        }
    }

    /** As many legs connect as may: a burst is served in turns, within the time that a connect may take. */
    private void queue() {
        patience = patience == null ? timeouts.connect() : patience;
        if (!isQueued) {
            isQueued = true;
            relay.legs().queue(this);
        }
        waitFor(
                LOOK,
                Refusal.connectingLimit(relay.context().totals().connecting().max()));
    }

    private void leaveQueue() {
        if (isQueued) {
            isQueued = false;
            relay.legs().leave(this);
        }
    }

    private void waitForTarget(Refusal problem) {
        if (hold.isZero()) {
            refuse(problem);
            return;
        }
        patience = hold;
        leaveQueue();
        waitFor(LOOK, problem);
        if (!over) {
            source().want();
        }
    }

    /**
     * One attempt at each address of the target in turn, all within one connect timeout, of which each may use its
     * share of what is left: one that does not answer leaves enough for the others. It counts as connecting until it is
     * over; what comes of it does not count once it is abandoned.
     */
    private final class Dial implements TcpDialer.Outcome {
        private final List<InetSocketAddress> to;
        private final long deadline =
                System.nanoTime() + shorter(timeouts.connect(), timeLeft()).toNanos();
        private final List<String> failures = new ArrayList<>();
        private @Nullable Channel leg;

        /** @param to at least one */
        Dial(List<InetSocketAddress> to) {
            this.to = to;
        }

        void begin() {
            dial = this;
            next();
        }

        private void next() {
            long left = Math.max(0, deadline - System.nanoTime());
            Duration share = Duration.ofNanos(left / (to.size() - failures.size()));
            try {
                leg = relay.dialer().dial(client, address(), share, this);
            } catch (RuntimeException | Error failure) {
                relay.legs().giveBack();
                throw failure;
            }
        }

        /** The rest of a connect timeout is not to be spent on where the target was. */
        boolean hasMoved() {
            List<InetSocketAddress> now = targets();
            return now.isEmpty() ? !hold.isZero() : Collections.disjoint(now, to);
        }

        /** The one whose turn it is. */
        private InetSocketAddress address() {
            return to.get(failures.size());
        }

        void close() {
            if (leg != null) {
                leg.close();
            }
        }

        @Override
        public void connected(TcpSocket target) {
            relay.legs().giveBack();
            if (dial == this) {
                dial = null;
                source().worked(address());
                guarded(() -> arriveOrReset(target));
            } else {
                TcpSocketOptions.reset(target);
            }
        }

        private void arriveOrReset(TcpSocket target) {
            try {
                arrive(target);
            } catch (RuntimeException | Error failure) {
                TcpSocketOptions.reset(target);
                throw failure;
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (dial != this) {
                relay.legs().giveBack();
                return;
            }
            // Netty appends the address, which is said already.
            String why = SocketErrors.of(cause).replace(": " + address(), "");
            InetSocketAddress failed = address();
            failures.add(why);
            boolean noSocket = cause instanceof ChannelException;
            if (!noSocket && failures.size() < to.size()) {
                guarded(this::next);
                return;
            }
            relay.legs().giveBack();
            dial = null;
            if (noSocket) {
                relay.noSocketForTarget(cause);
                guarded(() -> refuse(Refusal.noSocket(why)));
            } else if (cause instanceof LoopException) {
                guarded(() -> refuse(Refusal.loop(failed)));
            } else {
                guarded(() -> unreachable(Refusal.connectFailed(to.get(0), reasons())));
            }
        }

        /** The first without its address, which is said already. */
        private String reasons() {
            StringBuilder all = new StringBuilder(failures.get(0));
            for (int i = 1; i < failures.size(); i++) {
                all.append("; nor to ")
                        .append(Peer.name(to.get(i)))
                        .append(": ")
                        .append(failures.get(i));
            }
            return all.toString();
        }
    }

    private void unreachable(Refusal problem) {
        source().suspect();
        boolean gone = source().current().address().isEmpty();
        if (gone && !hold.isZero()) {
            waitForTarget(problem);
        } else if (patience != null || source().isNew()) {
            patience = patience == null ? timeouts.connect() : patience;
            waitFor(pause, problem);
            pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        } else {
            refuse(problem);
        }
    }

    private void waitFor(Duration time, Refusal problem) {
        lastProblem = problem;
        Duration left = timeLeft();
        if (left.isZero()) {
            giveUp(problem);
        } else if (isQueued || enterRoom()) {
            beginToWait(problem);
            timer = client.eventLoop()
                    .schedule(() -> guarded(this::look), shorter(time, left).toNanos(), TimeUnit.NANOSECONDS);
        } else {
            refuse(Refusal.waitingLimit(TcpRelay.MOST_WAITING, problem));
        }
    }

    private boolean enterRoom() {
        isInRoom = isInRoom || relay.waitingRoom().take(who);
        return isInRoom;
    }

    private void beginToWait(Refusal problem) {
        if (input != null) {
            return;
        }
        log.debug("[{}] {} tcp waits: {}", relay.forward().name(), client.remoteAddress(), problem.text());
        input = new Preread(relay.context().loops());
        client.pipeline().addLast(input);
    }

    private void giveUp(Refusal problem) {
        Duration waited = patience == null ? Duration.ZERO : patience;
        refuse(problem.afterWaiting(waited));
    }

    private void arrive(TcpSocket target) {
        Early early = Early.NOTHING;
        if (input != null) {
            client.pipeline().remove(input);
            early = input.take();
        }
        finish();
        end.arrived(target, early);
    }

    private void refuse(Refusal reason) {
        if (isQueued) {
            relay.context().totals().connecting().countRefused();
        }
        finish();
        end.refused(reason);
    }

    private void left() {
        if (!over) {
            log.debug(
                    "[{}] {} tcp left before it was connected", relay.forward().name(), client.remoteAddress());
            finish();
        }
    }

    private void finish() {
        over = true;
        cancelTimer();
        abandonDial();
        client.closeFuture().removeListener(whenClosed);
        relay.approaches().remove(this);
        leaveQueue();
        if (isInRoom) {
            relay.waitingRoom().giveBack(who);
        }
        if (input != null) {
            input.drop();
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** Zero when there is none; a whole connect timeout for a client that does not wait. */
    private Duration timeLeft() {
        if (patience == null) {
            return timeouts.connect();
        }
        Duration left = patience.minusNanos(System.nanoTime() - began);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private List<InetSocketAddress> targets() {
        int port = duty.mapping().targetPort();
        return source().addresses(port).stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private boolean leadsBack(InetSocketAddress target) {
        return relay.context().loopGuard().leadsBack(Protocol.TCP, target);
    }

    private TargetSource source() {
        return duty.source();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
