package io.github.wslproxy.os;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

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

    /**
     * Starts a program and leaves it to itself: it goes on when this one has ended, without its console and streams.
     *
     * @return its exit status, which is empty while it runs
     * @throws IOException if there is no such program, or it may not be run
     */
    public static Supplier<OptionalInt> startDetached(List<String> command, Path directory) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return () -> process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
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
            // What a probe leaves running would pile up, one each interval. On Windows it stays: wsl.exe leaves
            // wslhost.exe for Linux programs in the background that call Windows programs (svccomm.cpp).
            if (!OperatingSystem.isWindows()) {
                tree.killLeftBehind();
            }
            return new CommandResult.Ended(process.exitValue(), output.text(), errors.text(), age(started));
        }
    }

    /**
     * The first bytes of what a process writes; the rest is read and dropped, so that the process can go on.
     *
     * <p>It only ever reads what is there: a read that waits for the end would wait for every process that inherited
     * the pipe, and closing the pipe does not end such a read.
     */
    private static final class CappedOutput {
        /**
         * One turn reads at most this often, so that a flood on one stream does not keep the other from being looked
         * at.
         */
        private static final int READS_A_TURN = 64;

        private final InputStream source;
        private final int limit;
        private final byte[] buffer = new byte[8192];
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private boolean overflowed;

        CappedOutput(InputStream source, int limit) {
            this.source = source;
            this.limit = limit;
        }

        /**
         * Reads what is there without waiting.
         *
         * @return whether there was anything
         */
        boolean drain() {
            int reads = 0;
            try {
                while (reads < READS_A_TURN && source.available() > 0) {
                    keep(source.read(buffer));
                    reads++;
                }
            } catch (IOException closedByTheOtherSide) {
                return false;
            }
            return reads > 0;
        }

        private void keep(int count) {
            int room = Math.min(Math.max(count, 0), limit - kept.size());
            kept.write(buffer, 0, room);
            overflowed |= count > room;
        }

        boolean overflowed() {
            return overflowed;
        }

        String text() {
            return ConsoleText.decode(kept.toByteArray());
        }
    }

    /**
     * A process with its descendants. They are looked for while it lives, because once it is gone nobody knows whose
     * children they were; seldom, because each look reads the whole process table.
     */
    private static final class ProcessTree {
        private final Process root;
        private final Set<ProcessHandle> descendants = new LinkedHashSet<>();
        private Duration nextLook = Duration.ofMillis(1);

        ProcessTree(Process root) {
            this.root = root;
        }

        /** Call often with the age of the process: looks each time the age has doubled. */
        void look(Duration age) {
            if (age.compareTo(nextLook) >= 0) {
                root.descendants().forEach(descendants::add);
                nextLook = age.multipliedBy(2);
            }
        }

        /** Ends all of it. The root goes first, so that it starts no more. */
        void kill() {
            root.descendants().forEach(descendants::add);
            root.destroyForcibly();
            killLeftBehind();
        }

        /** Ends the descendants that were seen and still run. */
        void killLeftBehind() {
            for (ProcessHandle descendant : descendants) {
                descendant.descendants().forEach(ProcessHandle::destroyForcibly);
                descendant.destroyForcibly();
            }
        }
    }
}
