package io.github.wslproxy.relay.udp;

import io.github.wslproxy.relay.EvictableSessions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How much one session is used. A talk neither gives way nor ends early; a session of one exchange or none is idle
 * soon, and may have to give way to a newcomer. Belongs to one event loop.
 */
final class SessionActivity {
    /** Linux keeps a UDP flow that has not been used twice so long (nf_conntrack_udp_timeout). */
    private static final long BRIEF_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** A client that sends on and on, and is not answered, is no longer the oldest after so long. */
    private static final long REQUEUE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final int EXCHANGES_OF_A_TALK = 2;

    private final EvictableSessions.Candidate session;
    private final long idleNanos;
    private final long briefIdleNanos;
    private long lastActivity = System.nanoTime();
    private int exchanges;
    private boolean asked;
    private long queuedAt;

    /** @param idle how long a talk may be silent; zero: as long as it likes */
    SessionActivity(EvictableSessions.Candidate session, Duration idle) {
        this.session = session;
        this.idleNanos = idle.toNanos();
        this.briefIdleNanos = idleNanos == 0 ? BRIEF_IDLE_NANOS : Math.min(idleNanos, BRIEF_IDLE_NANOS);
    }

    /** The client has sent something. */
    void asked(long now) {
        lastActivity = now;
        if (!isTalk() && (!asked || now - queuedAt >= REQUEUE_NANOS)) {
            queuedAt = now;
            session.table().asked(session);
        }
        asked = true;
    }

    /**
     * The target has sent something.
     *
     * @return whether that ends an exchange before there is a talk
     */
    boolean answered(long now) {
        lastActivity = now;
        boolean endsExchange = asked && !isTalk();
        asked = false;
        if (endsExchange) {
            exchanges++;
            if (isTalk()) {
                session.table().remove(session);
            } else {
                session.table().answered(session);
            }
        }
        return endsExchange;
    }

    private boolean isTalk() {
        return exchanges >= EXCHANGES_OF_A_TALK;
    }

    /** Whether nothing has passed for too long at {@code now}, a {@link System#nanoTime()}. */
    boolean isIdle(long now) {
        long most = isTalk() ? idleNanos : briefIdleNanos;
        return most > 0 && now - lastActivity >= most;
    }
}
