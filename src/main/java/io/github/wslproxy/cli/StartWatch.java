package io.github.wslproxy.cli;

import io.github.wslproxy.app.FailedStart;
import io.github.wslproxy.app.RunningInstance;
import io.github.wslproxy.app.StateDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Waits until wslproxy has started in the background. What earlier runs have left does not count: make one before the
 * start.
 */
final class StartWatch {
    /** A start takes about five seconds: Java, the first look at WSL, and the listeners. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final long PAUSE_MILLIS = 200;
    private static final int MOST_LINES = 10;

    private final Path config;
    private final StateDirectory state;
    private final Path log;
    private final Duration patience;
    private final Pause pause;
    private final LogTail tail;

    /** Passes the time between two looks. */
    interface Pause {
        void take() throws Exception;
    }

    StartWatch(Path config, StateDirectory state, Path log) {
        this(config, state, log, PATIENCE, () -> Thread.sleep(PAUSE_MILLIS));
    }

    StartWatch(Path config, StateDirectory state, Path log, Duration patience, Pause pause) {
        this.config = config;
        this.state = state;
        this.log = log;
        this.patience = patience;
        this.pause = pause;
        this.tail = LogTail.fromEndOf(log);
        FailedStart.forget(config, state);
    }

    /**
     * Prints what the program said when it had started.
     *
     * @param exitStatus of the process; empty if it runs or nobody knows
     * @throws IOException if it did not start; the message says why, or what is known of it
     */
    void report(PrintWriter out, Supplier<OptionalInt> exitStatus) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean wasSeen = false;
        do {
            Optional<RunningInstance> instance = RunningInstance.of(config, state);
            Optional<List<String>> table = instance.flatMap(RunningInstance::startTable);
            if (table.isPresent()) {
                table.get().forEach(out::println);
                out.println("It runs in the background as pid " + instance.get().pid()
                        + "; wslproxy stop ends it, wslproxy logs shows its log.");
                return;
            }
            Optional<FailedStart> failed = FailedStart.of(config, state);
            if (failed.isPresent()) {
                throw new IOException("it did not start: " + failed.get().why() + " (its log: " + log + ")");
            }
            if (wasSeen && instance.isEmpty()) {
                throw new IOException("it ended before it had started" + whatIsKnown(exitStatus.get()));
            }
            wasSeen = instance.isPresent();
            pause.take();
        } while (System.nanoTime() < deadline);
        throw new IOException(
                "it did not start within " + patience.toSeconds() + " seconds" + whatIsKnown(exitStatus.get()));
    }

    /** A process that could not start, or was killed, has left no word of its own. */
    private String whatIsKnown(OptionalInt exitStatus) throws IOException {
        String process = exitStatus.isPresent() ? "; its process ended with status " + exitStatus.getAsInt() : "";
        List<String> logged = tail.next();
        List<String> last = logged.subList(Math.max(0, logged.size() - MOST_LINES), logged.size());
        return process
                + (last.isEmpty()
                        ? "; it has written nothing to its log (" + log + ")"
                        : "; its log (" + log + ") says:" + System.lineSeparator()
                                + String.join(System.lineSeparator(), last));
    }
}
