package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.config.Settings.LogSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import picocli.CommandLine;

/**
 * Stands in for the console where there is none, as under javaw.exe. What would be printed goes to the log file of the
 * configuration or, until that is known, to the default one.
 */
final class BackgroundConsole {
    static final String OPTION = "--background";

    private static final Logger log = LoggerFactory.getLogger(BackgroundConsole.class);

    private boolean isOpen;

    static boolean isAskedFor(String... arguments) {
        return Arrays.asList(arguments).contains(OPTION);
    }

    /** Executes the command line with all that it prints in the log, which is written out at the end. */
    int execute(CommandLine command, String... arguments) {
        command.setOut(new PrintWriter(new Lines(log::info), true));
        command.setErr(new PrintWriter(new Lines(log::error), true));
        try {
            return command.execute(arguments);
        } finally {
            Logging.flush();
        }
    }

    /** The log of a program in the background. */
    static Path log(LogSettings configured, StateDirectory state) {
        return configured.file().orElseGet(state::log);
    }

    /** Opens the log of the configuration; if its file cannot be written to, the default one says so. */
    void open(LogSettings configured, boolean verbose) throws IOException {
        configure(configured, verbose);
        isOpen = true;
    }

    /** Logs to a file, or to stderr if none is configured and the default one may be that of somebody else. */
    private static void configure(LogSettings configured, boolean verbose) throws IOException {
        Optional<String> problem = StateDirectory.ofThisUser().problem();
        if (configured.file().isEmpty() && problem.isPresent()) {
            Logging.configure(configured, verbose);
            log.warn("there is no log file: {}; to have one, set [log] file", problem.get());
            return;
        }
        Path file = log(configured, StateDirectory.ofThisUser());
        Logging.configure(new LogSettings(configured.level(), Optional.of(file)), verbose);
    }

    private void openDefault() {
        if (isOpen) {
            return;
        }
        isOpen = true;
        try {
            configure(new LogSettings(Level.INFO, Optional.empty()), false);
        } catch (IOException nowhere) {
            log.error("{}", nowhere.getMessage());
        }
    }

    /** Makes each printed line one of the log. */
    private final class Lines extends Writer {
        private final Consumer<String> sink;
        private final StringBuilder line = new StringBuilder();

        Lines(Consumer<String> sink) {
            this.sink = sink;
        }

        @Override
        public void write(char[] characters, int start, int count) {
            for (int i = start; i < start + count; i++) {
                if (characters[i] == '\n') {
                    end();
                } else if (characters[i] != '\r') {
                    line.append(characters[i]);
                }
            }
        }

        private void end() {
            openDefault();
            sink.accept(line.toString());
            line.setLength(0);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            if (!line.isEmpty()) {
                end();
            }
        }
    }
}
