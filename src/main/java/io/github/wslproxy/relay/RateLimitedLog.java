package io.github.wslproxy.relay;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import org.slf4j.event.Level;

/**
 * Writes at most so many lines a second, and a second later how many were left out: what the LAN sends must not be able
 * to fill a disk. Safe for any thread.
 */
public final class RateLimitedLog {
    /** Is on each line of such a log, so that whoever keeps lines can tell what may come in floods. */
    public static final Marker MARKER = MarkerFactory.getMarker("RATE_LIMITED");

    private final Logger log;
    private final int perSecond;
    private final ScheduledExecutorService executor;
    private int written;
    private long leftOut;
    private Level levelLeftOut = Level.INFO;

    /**
     * Writes nothing yet.
     *
     * @param perSecond lines, at least 1
     * @param executor ends the seconds
     */
    public RateLimitedLog(Logger log, int perSecond, ScheduledExecutorService executor) {
        this.log = log;
        this.perSecond = perSecond;
        this.executor = executor;
    }

    public void info(String format, Object... arguments) {
        write(Level.INFO, format, arguments);
    }

    /** Asks for {@code line} only if it is written. */
    public void info(Supplier<String> line) {
        write(Level.INFO, line);
    }

    /** Asks for {@code line} only if it is written. */
    public void warn(Supplier<String> line) {
        write(Level.WARN, line);
    }

    private void write(Level level, Supplier<String> line) {
        if (log.isEnabledForLevel(level) && mayWrite(level)) {
            log.atLevel(level).addMarker(MARKER).log(line.get());
        }
    }

    public void warn(String format, Object... arguments) {
        write(Level.WARN, format, arguments);
    }

    private void write(Level level, String format, Object... arguments) {
        if (log.isEnabledForLevel(level) && mayWrite(level)) {
            log.atLevel(level).addMarker(MARKER).log(format, arguments);
        }
    }

    private synchronized boolean mayWrite(Level level) {
        if (written == 0) {
            beginSecond();
        }
        if (written == perSecond) {
            leftOut++;
            levelLeftOut = level;
            return false;
        }
        written++;
        return true;
    }

    private void beginSecond() {
        try {
            executor.schedule(this::endSecond, 1, TimeUnit.SECONDS);
        } catch (RejectedExecutionException stopping) {
            log.trace("the executor has ended; no more counting");
        }
    }

    private void endSecond() {
        long count;
        Level level;
        synchronized (this) {
            count = leftOut;
            level = levelLeftOut;
            written = 0;
            leftOut = 0;
        }
        if (count > 0) {
            log.atLevel(level).addMarker(MARKER).log("{} more of these in the last second", count);
        }
    }
}
