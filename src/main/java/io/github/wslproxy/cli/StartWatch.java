package io.github.wslproxy.cli;

import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.app.StateDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Waits until wslproxy has started in the background. It reads the log from where that ended when it was made. */
final class StartWatch {
    /** A start takes about five seconds: Java, the first look at WSL, and the listeners. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final long PAUSE_MILLIS = 200;
    private static final int MOST_LINES = 10;

    private final Path config;
    private final StateDirectory state;
    private final Path log;
    private final Duration patience;
    private final LogTail tail;
    private final List<String> logged = new ArrayList<>();

    StartWatch(Path config, StateDirectory state, Path log) {
        this(config, state, log, PATIENCE);
    }

    StartWatch(Path config, StateDirectory state, Path log, Duration patience) {
        this.config = config;
        this.state = state;
        this.log = log;
        this.patience = patience;
        this.tail = LogTail.fromEndOf(log);
    }

    /**
     * Prints what the program said when it had started.
     *
     * @throws IOException if it did not start; the message has the end of its log
     */
    void report(PrintWriter out) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<RunningInstance> instance = RunningInstance.of(config, state);
            Optional<List<String>> table = instance.flatMap(RunningInstance::startTable);
            if (table.isPresent()) {
                table.get().forEach(out::println);
                out.println("It runs in the background as pid "
                        + instance.map(RunningInstance::pid).orElse(0L) + "; wslproxy stop ends it, wslproxy logs shows"
                        + " its log.");
                return;
            }
            logged.addAll(tail.next());
            if (instance.isEmpty() && logged.stream().anyMatch(line -> line.contains(" ERROR "))) {
                throw new IOException("it did not start" + explanation());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw new IOException("it did not start within " + patience.toSeconds() + " seconds" + explanation());
    }

    private String explanation() {
        List<String> last = logged.subList(Math.max(0, logged.size() - MOST_LINES), logged.size());
        return last.isEmpty()
                ? ", and has written nothing to its log (" + log + ")"
                : "; its log (" + log + ") says:" + System.lineSeparator() + String.join(System.lineSeparator(), last);
    }
}
