package io.github.wslproxy.e2e;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.config.Settings.LogSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Fills the program's log on the JVM that is to be tried, so that it has to roll. */
public final class LogLines {
    private LogLines() {}

    /**
     * Logs 600 lines of 10,000 characters.
     *
     * @param args the file, an absolute path
     */
    public static void main(String[] args) throws Exception {
        Logging.configure(new LogSettings(Level.INFO, Optional.of(Path.of(args[0]))), false);
        Logger log = LoggerFactory.getLogger("io.github.wslproxy.lines");
        for (int i = 0; i < 600; i++) {
            log.warn("{} {}", i, "x".repeat(10_000));
            Thread.sleep(1); // or the queue is full, which drops lines
        }
        Logging.flush();
    }
}
