package io.github.wslproxy.wsl;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Says how often a look inside may be taken just to see who listens, so that it never keeps a distribution awake that
 * its user has left.
 *
 * <p>WSL stops a distribution some time after the last program of Windows that ran a command in it has ended, 15
 * seconds as a rule; a command that ends while another runs changes nothing (Lifetime.cpp,
 * s_OnClientProcessTerminated). So a look costs nothing while the last one saw a command of somebody else, an open
 * terminal or that of an editor. The look that first sees none is the only one to delay the stop, by less than the time
 * since the user left. After it there is none for so long that WSL stops the distribution first; what then still runs
 * is kept awake by something else.
 */
final class ScanSchedule {
    /** The interval may be 100 ms, and each look starts a process on either side. */
    private static final Duration CLOSEST = Duration.ofSeconds(2);

    /** The timer of WSL may be late, and the stop takes time: a look meanwhile would start the distribution again. */
    private static final Duration MARGIN = Duration.ofSeconds(15);

    private final Supplier<Optional<Duration>> idleTimeout;
    private boolean held;

    /** Whether a command of ours may have stayed behind in the distribution. */
    private boolean doubtful;

    /** @param idleTimeout after which WSL stops a distribution that nobody uses; empty: never */
    ScanSchedule(Supplier<Optional<Duration>> idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    /** @param byAnother whether the look that just ended saw another command of Windows in the distribution */
    void looked(boolean byAnother) {
        held = byAnother && !doubtful;
    }

    /** A look was not answered. What it ran may go on inside, and would be taken for somebody else's from now on. */
    void failed() {
        held = false;
        doubtful = true;
    }

    /** The distribution does not run, so nothing of it is left. */
    void stopped() {
        held = false;
        doubtful = false;
    }

    /** @param age time since the last look inside, for whatever reason it was taken */
    boolean isDue(Duration age) {
        if (age.compareTo(CLOSEST) < 0) {
            return false;
        }
        return held || age.compareTo(idleTimeout.get().map(MARGIN::plus).orElse(CLOSEST)) >= 0;
    }
}
