package io.github.wslproxy.os;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command as a child process that gets no input, has a deadline, and is killed together with its descendants.
 */
public final class ProcessRunner implements CommandRunner {
    private final Optional<Path> directory;
    private final int mostOutput;

    /**
     * @param directory where commands run; empty = where wslproxy runs
     * @param mostOutput in bytes; a command that prints more is killed
     */
    public ProcessRunner(Optional<Path> directory, int mostOutput) {
        this.directory = directory;
        this.mostOutput = mostOutput;
    }

    @Override
    public CommandResult run(List<String> command, Duration timeout) {
        long started = System.nanoTime();
        Process process;
        try {
            process = start(command);
        } catch (IOException notStarted) {
            return new CommandResult.NotStarted(String.valueOf(notStarted.getMessage()), age(started));
        }
        return new Run(process, started, timeout, mostOutput).toTheEnd();
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        directory.ifPresent(path -> builder.directory(path.toFile()));
        builder.environment().put("WSL_UTF8", "1");
        return builder.start();
    }

    private static Duration age(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /**
     * One process from its start to its end. Its streams are polled by the calling thread: no thread can stay behind.
     */
    private static final class Run {
        private static final long LONGEST_PAUSE_MILLIS = 20;

        private final Process process;
        private final long started;
        private final Duration timeout;
        private final int mostOutput;
        private final ProcessTree tree;
        private final CappedOutput output;
        private final CappedOutput errors;

        Run(Process process, long started, Duration timeout, int mostOutput) {
            this.process = process;
            this.started = started;
            this.timeout = timeout;
            this.mostOutput = mostOutput;
            this.tree = new ProcessTree(process);
            this.output = new CappedOutput(process.getInputStream(), mostOutput);
            this.errors = new CappedOutput(process.getErrorStream(), mostOutput);
        }

        CommandResult toTheEnd() {
            closeInput();
            try {
                return await();
            } catch (InterruptedException stopping) {
                tree.kill();
                Thread.currentThread().interrupt();
                return new CommandResult.Interrupted(age(started));
            }
        }

        /** Open pipes on stdin have made wsl.exe hang (microsoft/WSL#2592, #4424), and it asks questions on them. */
        private void closeInput() {
            try {
                process.getOutputStream().close();
            } catch (IOException alreadyGone) {
                // Nothing was written, so nothing is lost.
            }
        }

        private CommandResult await() throws InterruptedException {
            long pause = 1;
            while (true) {
                boolean ended = process.waitFor(pause, TimeUnit.MILLISECONDS);
                boolean spoke = output.drain();
                boolean complained = errors.drain();
                if (output.overflowed()) {
                    tree.kill();
                    return new CommandResult.TooLong(mostOutput, age(started));
                }
                if (ended) {
                    return ended();
                }
                if (age(started).compareTo(timeout) >= 0) {
                    tree.kill();
                    return new CommandResult.TimedOut(output.text(), age(started));
                }
                tree.look(age(started));
                pause = spoke || complained ? 1 : Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
            }
        }

        private CommandResult ended() {
            // What a probe leaves running would pile up, one each interval. Not on Windows: there it is wslhost.exe,
            // which wsl.exe leaves for Linux programs in the background that call Windows programs (svccomm.cpp).
            if (!OperatingSystem.isWindows()) {
                tree.killLeftBehind();
            }
            return new CommandResult.Ended(process.exitValue(), output.text(), errors.text(), age(started));
        }
    }
}
