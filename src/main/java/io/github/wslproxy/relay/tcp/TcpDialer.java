package io.github.wslproxy.relay.tcp;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.relay.LoopGuard;
import io.github.wslproxy.relay.Peer;
import io.github.wslproxy.relay.Refusal;
import io.github.wslproxy.relay.SocketErrors;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Connects to targets. The new socket lives on the client's own event loop, so that no byte ever changes threads. */
final class TcpDialer {
    /** The most that is kept for localhost, where an answer comes at once. */
    private static final Duration FOR_LOCALHOST = Duration.ofMillis(500);

    private final LoopGuard loopGuard;
    private final Consumer<String> socketShortage;

    /** How an attempt to connect has ended. */
    sealed interface ConnectResult {
        /**
         * Somebody has answered.
         *
         * @param target belongs to the receiver of this
         * @param address the one of the target's addresses that has answered
         */
        record Connected(TcpSocket target, InetSocketAddress address) implements ConnectResult {}

        /** Nothing was left open. */
        record NotConnected(Refusal reason) implements ConnectResult {}
    }

    /** @param socketShortage told why, when the system has no socket left for a target */
    TcpDialer(LoopGuard loopGuard, Consumer<String> socketShortage) {
        this.loopGuard = loopGuard;
        this.socketShortage = socketShortage;
    }

    /** Whether a connection to {@code target} would come back to one of our own listeners. */
    boolean leadsBack(InetSocketAddress target) {
        return loopGuard.leadsBack(Protocol.TCP, target);
    }

    /** Who wants to be connected. All methods are called on the event loop. */
    interface Caller {
        /** Whether WSL's relay may listen at an address; wslproxy itself may listen there instead. */
        boolean isLocalhostRelay(InetSocketAddress address);

        /** Localhost is tried now, because the target's own address does not answer. */
        void targetIsSilent();

        /** Called once, perhaps before {@link Dial#begin} returns; after {@link Dial#abandon} with a failure. */
        void dialEnded(Dial dial, ConnectResult result);
    }

    /**
     * Prepares to connect.
     *
     * @param loop on which all of it happens
     * @param addresses at least one, in the order in which to try them
     * @param limit for all of them together, from now on
     */
    Dial dial(IoEventLoop loop, List<InetSocketAddress> addresses, Duration limit, Caller caller) {
        return new Dial(loop, addresses, limit, caller);
    }

    /**
     * One attempt at each address of a target in turn. Each may use its share of the time that is left: one that does
     * not answer leaves enough for the others.
     */
    final class Dial implements ConnectAttempt.WhenEnded {
        private final IoEventLoop loop;
        private final List<InetSocketAddress> addresses;
        private final long deadline;
        private final Caller caller;
        private final List<String> failures = new ArrayList<>();
        private @Nullable ConnectAttempt attempt;
        private boolean abandoned;
        private boolean over;
        private boolean localhostIsUs;
        private boolean ownAddressIsSilent;

        private Dial(IoEventLoop loop, List<InetSocketAddress> addresses, Duration limit, Caller caller) {
            this.loop = loop;
            this.addresses = addresses;
            this.deadline = System.nanoTime() + limit.toNanos();
            this.caller = caller;
        }

        /** Begins; it may be over when this returns. Call it once, on the event loop. */
        void begin() {
            tryNext();
        }

        List<InetSocketAddress> addresses() {
            return addresses;
        }

        /** Whether localhost was tried because the target's own address did not answer: a VM may have stopped. */
        boolean foundSilence() {
            return ownAddressIsSilent && addresses.stream().anyMatch(caller::isLocalhostRelay);
        }

        /** Ends the attempt unless it has ended. Call it on the event loop. */
        void abandon() {
            if (!over) {
                giveUp();
            }
        }

        private void giveUp() {
            abandoned = true;
            if (attempt != null) {
                // A listener of ours that has not accepted it yet never will.
                attempt.reset();
            }
        }

        private void tryNext() {
            Fault.contain(this::connect, failure -> {
                fail(Refusal.unexpected(Fault.line(failure)));
                giveUp();
            });
        }

        private void connect() {
            InetSocketAddress address = address();
            boolean viaLocalhost = caller.isLocalhostRelay(address);
            boolean mayComeBack = viaLocalhost || loopGuard.mayComeBack(Protocol.TCP, address);
            ConnectAttempt next;
            try {
                TcpSocket target = TcpSocket.open(loop, address);
                next = new ConnectAttempt(target, address, mayComeBack ? loopGuard : null, viaLocalhost, this);
            } catch (IOException noneLeft) {
                noSocket(noneLeft);
                return;
            }
            attempt = next;
            next.begin(share());
        }

        /**
         * At least a millisecond, so that each address is tried at all. The target's own addresses get nearly all of
         * the time, as on localhost an answer comes at once.
         */
        private Duration share() {
            long left = Math.max(0, deadline - System.nanoTime());
            int untried = addresses.size() - failures.size();
            int onLocalhost = 0;
            for (int i = failures.size(); i < addresses.size(); i++) {
                onLocalhost += caller.isLocalhostRelay(addresses.get(i)) ? 1 : 0;
            }
            long kept = onLocalhost == 0 ? 0 : Math.min(FOR_LOCALHOST.toNanos(), left / 10);
            Duration share = Duration.ofNanos(
                    caller.isLocalhostRelay(address()) ? left / untried : (left - kept) / (untried - onLocalhost));
            return share.toMillis() > 0 ? share : Duration.ofMillis(1);
        }

        /** The address whose turn it is. */
        private InetSocketAddress address() {
            return addresses.get(failures.size());
        }

        @Override
        public void ended(TcpSocket target, @Nullable Throwable failure) {
            Fault.contain(() -> judge(target, failure), defect -> {
                target.reset();
                fail(Refusal.unexpected(Fault.line(defect)));
            });
        }

        private void judge(TcpSocket target, @Nullable Throwable failure) {
            if (target.comesBack() && caller.isLocalhostRelay(address())) {
                localhostIsUs = true;
                failed(target.closedBecause(), null);
            } else if (target.comesBack()) {
                failed(target.closedBecause(), Refusal.loop(address()));
            } else if (failure != null) {
                target.close();
                failed(failure);
            } else if (abandoned) {
                target.reset();
                failed("abandoned", null);
            } else if (target.isConnectedToItself()) {
                target.reset();
                failed("nobody listens there", null);
            } else {
                end(new ConnectResult.Connected(target, address()));
            }
        }

        private void failed(Throwable cause) {
            ownAddressIsSilent |= !caller.isLocalhostRelay(address()) && !SocketErrors.isRefusal(cause);
            failed(SocketErrors.of(cause), null);
        }

        /** @param refusal what to tell the client if no address is left; null for the failures of all addresses */
        private void failed(String why, @Nullable Refusal refusal) {
            failures.add(why);
            boolean isLast = failures.size() == addresses.size();
            if (!isLast && !abandoned && ownAddressIsSilent && caller.isLocalhostRelay(address())) {
                caller.targetIsSilent(); // who may abandon this
            }
            if (isLast || abandoned) {
                fail(refusal == null ? allFailed() : refusal);
            } else {
                tryNext();
            }
        }

        private Refusal allFailed() {
            InetSocketAddress first = addresses.get(0);
            return localhostIsUs && !ownAddressIsSilent
                    ? Refusal.nobodyInWsl(first.getPort(), tried(0).collect(Collectors.joining("; ")))
                    : Refusal.connectFailed(
                            first,
                            // The refusal names the first address.
                            Stream.concat(Stream.of(failures.get(0)), tried(1))
                                    .collect(Collectors.joining("; nor to ")));
        }

        /** What became of each address, from one of them on. */
        private Stream<String> tried(int from) {
            return IntStream.range(from, failures.size())
                    .mapToObj(i -> Peer.name(addresses.get(i)) + ": " + failures.get(i));
        }

        private void noSocket(IOException cause) {
            String why = SocketErrors.of(cause);
            socketShortage.accept(why);
            fail(Refusal.noSocket(why));
        }

        private void fail(Refusal reason) {
            end(new ConnectResult.NotConnected(reason));
        }

        private void end(ConnectResult result) {
            if (!over) {
                over = true;
                caller.dialEnded(this, result);
            }
        }
    }
}
