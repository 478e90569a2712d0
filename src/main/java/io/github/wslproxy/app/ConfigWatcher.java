package io.github.wslproxy.app;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.forward.Durations;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.os.NamedThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the edits of proxy.toml to the proxy that runs. An edit that is not valid is reported, line for line as
 * {@code check} does, and changes nothing.
 */
public final class ConfigWatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConfigWatcher.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration HEAP_RETRY = Duration.ofSeconds(2);
    private static final Duration LAST_EDIT = Duration.ofMillis(500);

    private final Path file;
    private final Settings first;
    private final FileWatch watch;
    private final Reader reader;
    private final NamedThreads thread = new NamedThreads("wslproxy-reload", 1);

    private final HeapRoom room;

    /** Looks whether there is room yet. Used on {@link #thread}. */
    private Future<?> retry = CompletableFuture.completedFuture(null);

    /** Used on {@link #thread}. */
    private boolean saidShort;

    /** Used on {@link #thread}. */
    private Optional<Path> told;

    private volatile Runnable apply = () -> {};

    /** Reads a configuration. */
    interface Reader {
        Settings read(Path file) throws ConfigException;
    }

    /** Goes on with other settings. */
    interface Change {
        /** Returns what was done, in words; empty if nothing had changed. */
        String to(Settings next) throws InterruptedException;
    }

    /**
     * Reads the file; edits from here on are not missed.
     *
     * @throws ConfigException with every problem of the file
     */
    public ConfigWatcher(Path file) throws ConfigException {
        this(file, ConfigFile::read);
    }

    ConfigWatcher(Path file, Reader reader) throws ConfigException {
        this(file, reader, new HeapRoom());
    }

    ConfigWatcher(Path file, Reader reader, HeapRoom room) throws ConfigException {
        this.file = file;
        this.reader = reader;
        this.room = room;
        this.watch = new FileWatch(file, () -> apply.run());
        this.first = reader.read(file);
        this.told = first.log().file();
    }

    /** What the file said at first. */
    public Settings settings() {
        return first;
    }

    /**
     * Follows the file until this is closed.
     *
     * @param forwards of a proxy that was started with {@link #settings()}
     * @param verbose debug lines whatever the settings say
     */
    public void follow(ForwardEditor forwards, boolean verbose) {
        follow(forwards::change, forwards::refuseEdit, verbose);
    }

    /** @param refused is told why an edit cannot be used */
    void follow(Change change, Consumer<String> refused, boolean verbose) {
        apply = () -> readAndApply(change, refused, verbose);
        watch.start(thread, TICK);
    }

    private void readAndApply(Change change, Consumer<String> refused, boolean verbose) {
        if (room.isShort()) {
            sayAndTryLater(refused);
            return;
        }
        saidShort = false;
        retry.cancel(false);
        try {
            apply(reader.read(file), change, verbose);
        } catch (ConfigException invalid) {
            log.error("{} was edited and is not valid; what ran before goes on:", file);
            invalid.problems().forEach(problem -> log.error("{}", problem));
            refused.accept(invalid.problems().get(0).toString());
        } catch (RuntimeException defect) {
            String why = file + " was edited and could not be read; what ran before goes on: " + Fault.line(defect);
            log.error("{}", why);
            refused.accept(why);
        }
    }

    private void sayAndTryLater(Consumer<String> refused) {
        if (!saidShort) {
            saidShort = true;
            String why = file + " was edited and is not read yet: " + room.words() + "; it is tried again every "
                    + Durations.format(HEAP_RETRY);
            log.error("{}", why);
            refused.accept(why);
        }
        retry.cancel(false); // One at a time, however often the file is edited meanwhile.
        try {
            retry = thread.schedule(this::tryAgain, HEAP_RETRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            log.debug("no more edits are read", closed);
        }
    }

    private void tryAgain() {
        retry = CompletableFuture.completedFuture(null);
        apply.run();
    }

    private void apply(Settings next, Change change, boolean verbose) {
        try {
            String done = change.to(next);
            Logging.level(next.log(), verbose);
            tellOfLogFile(next.log().file());
            log.info("{} was edited: {}", file, done.isEmpty() ? "nothing to do" : done);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException defect) {
            if (!thread.isShutdown()) {
                // What runs now is neither the old settings nor the new ones.
                Fault.escalate(new IllegalStateException("the edited " + file + " was applied in part only", defect));
            }
        }
    }

    /** Says it once for each other file, not at each later edit. */
    private void tellOfLogFile(Optional<Path> asked) {
        if (!asked.equals(told) && !asked.equals(first.log().file())) {
            log.warn("another [log] file takes effect at the next start");
        }
        told = asked;
    }

    /** Ends it: an edit that is being applied is interrupted and waited for, later ones have no effect. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(LAST_EDIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Notices that a file has another content, by reading it at every tick: network drives give no events, and editors
     * replace the file or write it in two steps. A content counts once two ticks in a row have seen it, so it never
     * takes a half-written file. A file that is missing or cannot be read has not changed, and neither has a pipe.
     */
    static final class FileWatch {
        /** Allows for an editor that takes the file away for a moment. */
        private static final int LOOKS_IN_VAIN = 3;

        /** Is more than a configuration may have; the rest of a larger file does not count. */
        private static final int MOST_BYTES = (1 << 20) + 1;

        private final Path file;
        private final Runnable onChange;
        private byte[] acted;
        private byte[] seen;
        private final boolean wasFile;
        private String lastFailure = "";
        private int lookedInVain;

        /**
         * Reads it once, to know the first content.
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

        /** Logs each other failure once; an exception would end the schedule, and with it every later reload. */
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
                return otherwise; // Reading a pipe would take its content away from others.
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
}
