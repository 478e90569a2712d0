package io.github.wslproxy.wsl;

import io.github.wslproxy.wsl.WslProbe.Depth;
import java.time.Duration;

/** Says when to ask next, and how deep. It knows only the times it is given, in nanoseconds of a monotonic clock. */
final class ProbeSchedule {
    /** Clients that cannot get through report each failed connect; one probe a second answers all of them. */
    private static final long BETWEEN_URGENT = Duration.ofSeconds(1).toNanos();

    /**
     * Nobody oversleeps that much unless the computer slept, and the VM may have moved meanwhile (microsoft/WSL#8825).
     */
    private static final long SLEPT = Duration.ofSeconds(30).toNanos();

    /** A sleep of the computer is noticed no later than this after its end, however long the interval is. */
    private static final long LONGEST_PAUSE = Duration.ofSeconds(2).toNanos();

    private final long interval;
    private boolean first = true;
    private boolean slept;
    private long awakeAt;
    private long routineAt;
    private long urgentAt;

    ProbeSchedule(Duration interval) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: more than 0)");
        }
        this.interval = interval.toNanos();
    }

    /** How long to wait before the next look at the schedule; 0 = ask now. */
    long pause(long now, boolean urgent) {
        slept = slept || now - awakeAt > SLEPT;
        awakeAt = now;
        if (first || slept) {
            return 0;
        }
        long routine = Math.min(LONGEST_PAUSE, Math.max(0, routineAt - now));
        return urgent ? Math.min(routine, Math.max(0, urgentAt - now)) : routine;
    }

    /** How deep to ask now. An urgent question waits for its turn if the routine question comes first. */
    Depth depth(long now, boolean urgent) {
        boolean urgentDue = urgent && now - urgentAt >= 0;
        if (first || slept) {
            return Depth.FULL;
        }
        return urgentDue ? Depth.CONNECT_FAILED : Depth.ROUTINE;
    }

    void asked(long now, Depth depth) {
        first = false;
        slept = false;
        awakeAt = now;
        routineAt = now + interval;
        if (depth != Depth.ROUTINE) {
            urgentAt = now + BETWEEN_URGENT;
        }
    }
}
