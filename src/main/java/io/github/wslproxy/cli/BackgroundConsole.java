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
 * Stands in for the console where there is none, as under javaw.exe: what would be printed is logged, to the file of
 * the configuration or, until that is known, to the default one.
 */
final class BackgroundConsole {
    static final String OPTION = "--background";

    private static final Logger log = LoggerFactory.getLogger(BackgroundConsole.class);

    private boolean isOpen;

    static boolean isAskedFor(String... arguments) {
        return Arrays.asList(arguments).contains(OPTION);
    }

    /** The same as {@link CommandLine#execute}, with all that is said in the log, and that written out at the end. */
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

    /** From the configuration; if its file cannot be written to, that is said in the default one. */
    void open(LogSettings configured, boolean verbose) throws IOException {
        configure(configured, verbose);
        isOpen = true;
    }

    /**
     * With a file in any case, but for one: where the default one may be that of somebody else, what is logged goes to
     * stderr, and it runs all the same.
     */
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

    /** Each line that is written becomes one of the log. */
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
