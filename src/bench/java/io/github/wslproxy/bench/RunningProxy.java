package io.github.wslproxy.bench;

import io.github.wslproxy.forward.DurationWords;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A started proxy: one process, since the launcher becomes the Java it starts. It does not outlive the bench, however
 * that ends, unless by SIGKILL.
 */
public final class RunningProxy implements AutoCloseable {
    private final Process process;

    RunningProxy(Process process) {
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "proxy-end"));
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has started and has not ended yet, such as a probe. */
    public List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /**
     * Asks it to end, by SIGTERM.
     *
     * @return its exit status
     * @throws IOException if it still runs after {@code patience}
     */
    public int terminate(Duration patience) throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IOException("pid " + pid() + " still runs " + DurationWords.of(patience) + " after SIGTERM");
        }
        return process.exitValue();
    }

    /** Ends it with all its children at once, if it still runs. */
    @Override
    public void close() {
        children().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
