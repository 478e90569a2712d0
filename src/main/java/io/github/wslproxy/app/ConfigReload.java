package io.github.wslproxy.app;

import io.github.wslproxy.config.ConfigException;
import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the edits of proxy.toml to the proxy that runs. An edit that is not valid is reported, line for line as
 * {@code check} does, and changes nothing.
 */
public final class ConfigReload implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConfigReload.class);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Path file;
    private final Settings first;
    private final FileWatch watch;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "wslproxy-reload");
        made.setDaemon(true);
        return made;
    });

    private volatile Runnable apply = () -> {};

    /**
     * Reads the file; edits from here on are not missed.
     *
     * @throws ConfigException with every problem of the file
     */
    public ConfigReload(Path file) throws ConfigException {
        this.file = file;
        this.watch = new FileWatch(file, () -> apply.run());
        this.first = ConfigFile.read(file);
    }

    /** What the file said at first. */
    public Settings settings() {
        return first;
    }

    /**
     * Begins to follow the file, until this is closed.
     *
     * @param proxy started with {@link #settings()}
     * @param verbose debug lines whatever the settings say
     */
    public void follow(WslProxy proxy, boolean verbose) {
        apply = () -> apply(proxy, verbose);
        watch.start(thread, TICK);
    }

    private void apply(WslProxy proxy, boolean verbose) {
        Settings next;
        try {
            next = ConfigFile.read(file);
        } catch (ConfigException invalid) {
            log.error("{} was edited and is not valid; what ran before goes on:", file);
            invalid.problems().forEach(problem -> log.error("{}", problem));
            proxy.editRefused(invalid.problems().get(0).toString());
            return;
        }
        try {
            String done = proxy.change(next);
            Logging.level(next.log(), verbose);
            if (!next.log().file().equals(first.log().file())) {
                log.warn("another [log] file takes effect at the next start");
            }
            log.info("{} was edited: {}", file, done.isEmpty() ? "nothing to do" : done);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** Edits have no effect from here on; one that is being applied is interrupted. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
