package io.github.wslproxy.app;

import io.github.wslproxy.os.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a file has another content, by reading it at every tick: network drives give no events, editors replace
 * the file, and write it in two steps. A content counts once two ticks in a row have seen it, so a half-written file is
 * never taken; a file that is missing, or cannot be read at the moment, has not changed, and neither has a pipe.
 */
final class FileWatch {
    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

    /** An editor may take the file away for a moment. */
    private static final int LOOKS_IN_VAIN = 3;

    /** Beyond what a configuration may have. Of a larger file the rest does not count. */
    private static final int MOST_BYTES = (1 << 20) + 1;

    private final Path file;
    private final Runnable onChange;
    private byte[] acted;
    private byte[] seen;
    private final boolean wasFile;
    private String lastFailure = "";
    private int lookedInVain;

    /**
     * Reads it once, as what is known.
     *
     * @param onChange is run on the thread of the ticks, which it may hold up
     */
    FileWatch(Path file, Runnable onChange) {
        this.file = file;
        this.onChange = onChange;
        this.wasFile = Files.isRegularFile(file);
        this.acted = content(new byte[0]);
        this.seen = acted;
    }

    /** Ticks on {@code executor} until that ends. */
    void start(ScheduledExecutorService executor, Duration tick) {
        executor.scheduleWithFixedDelay(this::lookSafely, tick.toMillis(), tick.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * An exception would end the schedule, and with it every later reload. What it was, is said once until it differs.
     */
    private void lookSafely() {
        Fault.contain(this::look, failure -> {
            String what = Fault.line(failure);
            if (!what.equals(lastFailure)) {
                lastFailure = what;
                log.error("{} could not be watched: {}", file, what);
            }
        });
    }

    private void look() {
        byte[] now = content(acted);
        if (wasFile && lookedInVain == LOOKS_IN_VAIN) {
            log.warn("{} cannot be read any more; what ran before goes on", file);
        }
        boolean settled = Arrays.equals(now, seen);
        seen = now;
        if (!settled || Arrays.equals(now, acted)) {
            return;
        }
        acted = now;
        onChange.run();
    }

    private byte[] content(byte[] otherwise) {
        if (!Files.isRegularFile(file)) {
            lookedInVain++;
            return otherwise; // What is read from a pipe is gone for whoever it was meant for.
        }
        try (var in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_BYTES);
            lookedInVain = 0;
            return content;
        } catch (IOException missingOrLocked) {
            lookedInVain++;
            return otherwise;
        }
    }
}
