package io.github.wslproxy.app;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import io.github.wslproxy.os.Fault;
import io.github.wslproxy.os.NamedThreads;
import io.github.wslproxy.forward.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
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

    /** Looks whether there is room by now. Used on {@link #thread}. */
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
     * Begins to follow the file, until this is closed.
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
                // Neither the old settings run now nor the new ones.
                Fault.escalate(new IllegalStateException("the edited " + file + " was applied in part only", defect));
            }
        }
    }

    /** Once for each other file, not at each later edit. */
    private void tellOfLogFile(Optional<Path> asked) {
        if (!asked.equals(told) && !asked.equals(first.log().file())) {
            log.warn("another [log] file takes effect at the next start");
        }
        told = asked;
    }

    /** Edits have no effect from here on; one that is being applied is interrupted, and waited for for a moment. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(LAST_EDIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
