package io.github.wslproxy.relay;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Writes at most so many lines a second and says with the next one how many were left out: what the LAN sends must not
 * be able to fill a disk. Safe for any thread.
 */
public final class QuietLog {
    private static final long SECOND = 1_000_000_000L;

    private final Logger log;
    private final int perSecond;
    private final LongSupplier nanoTime;
    private long secondBegan;
    private int written;
    private long leftOut;

    /** @param perSecond lines, at least 1 */
    public QuietLog(Logger log, int perSecond) {
        this(log, perSecond, System::nanoTime);
    }

    QuietLog(Logger log, int perSecond, LongSupplier nanoTime) {
        this.log = log;
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.secondBegan = nanoTime.getAsLong();
    }

    public void info(String format, Object... arguments) {
        write(Level.INFO, format, arguments);
    }

    public void warn(String format, Object... arguments) {
        write(Level.WARN, format, arguments);
    }

    private void write(Level level, String format, Object... arguments) {
        if (!log.isEnabledForLevel(level)) {
            return;
        }
        long before;
        synchronized (this) {
            if (!mayWrite()) {
                leftOut++;
                return;
            }
            before = leftOut;
            leftOut = 0;
        }
        if (before > 0) {
            log.atLevel(level).log("{} more lines like the next were left out", before);
        }
        log.atLevel(level).log(format, arguments);
    }

    private boolean mayWrite() {
        long now = nanoTime.getAsLong();
        if (now - secondBegan >= SECOND) {
            secondBegan = now;
            written = 0;
        }
        return written++ < perSecond;
    }
}
