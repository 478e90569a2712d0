package io.github.wslproxy.bench.compare.lab;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that runs until it is closed, with all that it has started. */
public final class Background implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Process process;
    private final Path output;

    Background(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Fails if it has ended.
     *
     * @throws FailedRunException with what it said last
     */
    public void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new FailedRunException("ended with " + process.exitValue() + ": " + lastWords());
        }
    }

    public String lastWords() throws IOException {
        return Commands.lastLine(Files.readString(output));
    }

    /** Asks it to end, and ends it with its children if it does not. */
    @Override
    public void close() {
        // Before the parent has gone, since then they are the children of init.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        kill(process);
        process.onExit().join();
    }

    static void kill(Process process) {
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).forEach(ProcessHandle::destroyForcibly);
    }
}
