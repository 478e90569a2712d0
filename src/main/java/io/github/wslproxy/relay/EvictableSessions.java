package io.github.wslproxy.relay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which UDP sessions give way to newcomers where a cap is reached: those of one exchange or none, as Linux's connection
 * tracking drops entries early that are not assured. A lookup asks from a new port each time and never again from
 * that one, and a forged sender never answers; a session with more exchanges is a talk and is not in here.
 *
 * <p>The oldest that has been answered goes first, else the oldest that waits for its answer. Each step costs the
 * same however many there are. Safe for any thread; one lock for the whole program, which no datagram of a talk
 * takes.
 */
public final class EvictableSessions {
    /** How many sessions give way in a second, so that a flood of forged senders leaves time for the open ones. */
    static final int MOST_A_SECOND = 10_000;

    /** Sessions that have given way and have not ended yet, since they live on another event loop. */
    static final int MOST_LEAVING = 256;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long PRICE_NANOS = SECOND / MOST_A_SECOND;

    private final LongSupplier nanoTime;
    private final Queues ofProgram = new Queues();
    private final Set<Candidate> leaving = new HashSet<>();
    private long spentUntil;

    /** A session that may have to give way. Equal only to itself. */
    public interface Candidate {
        /** Whose session it is. */
        ClientKey client();

        /** That of its forward. */
        Table table();

        /** Gives its place back before this returns, and ends soon. Called once at most, on any thread. */
        void giveWay();
    }

    EvictableSessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.spentUntil = nanoTime.getAsLong();
    }

    /** Sessions in the order in which they give way. */
    private static final class Queues {
        private final Set<Candidate> answered = new LinkedHashSet<>(2);
        private final Set<Candidate> waiting = new LinkedHashSet<>(2);

        void remove(Candidate session) {
            if (!answered.remove(session)) {
                waiting.remove(session);
            }
        }

        @Nullable
        Candidate oldest() {
            Set<Candidate> first = answered.isEmpty() ? waiting : answered;
            return first.isEmpty() ? null : first.iterator().next();
        }

        boolean isEmpty() {
            return answered.isEmpty() && waiting.isEmpty();
        }
    }

    /** The sessions of one forward. */
    public final class Table {
        private final Queues ofForward = new Queues();
        private final Map<ClientKey, Queues> byClient = new HashMap<>();

        /** A session waits for an answer: it is new, or has asked again. */
        public void asked(Candidate session) {
            move(session, queues -> queues.waiting);
        }

        /** A session has been answered once. */
        public void answered(Candidate session) {
            move(session, queues -> queues.answered);
        }

        /** A session has ended, or has become a talk. */
        public void remove(Candidate session) {
            synchronized (EvictableSessions.this) {
                take(session);
                leaving.remove(session);
            }
        }

        /** Whether one of {@code client} has given way. */
        boolean makeRoomAmong(ClientKey client) {
            return giveWay(() -> byClient.get(client));
        }

        /** Whether one of the forward has given way. */
        boolean makeRoom() {
            return giveWay(() -> ofForward);
        }

        /** Whether one of any forward has given way. */
        boolean makeRoomInProgram() {
            return giveWay(() -> ofProgram);
        }

        private void move(Candidate session, Function<Queues, Set<Candidate>> to) {
            synchronized (EvictableSessions.this) {
                if (leaving.contains(session)) {
                    return;
                }
                take(session);
                to.apply(ofProgram).add(session);
                to.apply(ofForward).add(session);
                Queues ofClient = byClient.computeIfAbsent(session.client(), unused -> new Queues());
                to.apply(ofClient).add(session);
            }
        }

        private void take(Candidate session) {
            ofProgram.remove(session);
            ofForward.remove(session);
            ClientKey net = session.client();
            Queues ofClient = byClient.get(net);
            if (ofClient != null) {
                ofClient.remove(session);
                if (ofClient.isEmpty()) {
                    byClient.remove(net);
                }
            }
        }
    }

    /** A forward's own, empty. */
    public Table table() {
        return new Table();
    }

    private boolean giveWay(Supplier<@Nullable Queues> among) {
        Candidate oldest = choose(among);
        if (oldest == null) {
            return false;
        }
        oldest.giveWay();
        return true;
    }

    private synchronized @Nullable Candidate choose(Supplier<@Nullable Queues> among) {
        Queues queues = among.get();
        Candidate oldest = queues == null ? null : queues.oldest();
        if (oldest == null || leaving.size() >= MOST_LEAVING || !mayAct()) {
            return null;
        }
        oldest.table().take(oldest);
        leaving.add(oldest);
        return oldest;
    }

    /** A bucket of {@link #MOST_A_SECOND} tokens as in {@link ConnectionRateLimiter}. */
    private boolean mayAct() {
        long now = nanoTime.getAsLong();
        long from = Math.max(spentUntil - now, 0);
        if (from + PRICE_NANOS > SECOND) {
            return false;
        }
        spentUntil = now + from + PRICE_NANOS;
        return true;
    }
}
