package io.github.wslproxy.e2e;

import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program while it runs on a {@link Wine} computer, from the unpacked zip. */
final class WineProgram implements AutoCloseable {
    private final Wine windows;
    private final Process start;
    private final Path out;
    private final Path err;

    private WineProgram(Wine windows, Path folder, List<String> command) throws IOException {
        this.windows = windows;
        out = Files.createTempFile(folder, "out", ".txt");
        err = Files.createTempFile(folder, "err", ".txt");
        start = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    /** Starts {@code wslproxy.cmd}; its outputs go to files in {@code folder}. */
    static WineProgram start(WineNetwork network, Path folder, String... arguments) throws IOException {
        return new WineProgram(network.windows(), folder, network.launcher(arguments));
    }

    /** Starts something else that starts the program; variables may stand before it, as for {@code env}. */
    static WineProgram startBy(WineNetwork network, Path folder, String... command) throws IOException {
        return new WineProgram(network.windows(), folder, network.windows().command(command));
    }

    /** Waits for the table that is printed when all listeners have been tried. */
    WineProgram awaitTable() throws Exception {
        await(() -> out().contains("is running"));
        return this;
    }

    /** Fails as soon as the program has ended. */
    void await(ThrowingCondition condition) throws Exception {
        Await.until(() -> condition.holds() || !start.isAlive());
        if (!start.isAlive()) {
            throw new AssertionError("it ended with " + start.exitValue() + ": " + out() + err());
        }
    }

    /** Something that may be so after a while. */
    interface ThrowingCondition {
        boolean holds() throws Exception;
    }

    /** The JVM, also where a command file has started it. */
    ProcessHandle jvm() throws Exception {
        List<ProcessHandle> jvms = windows.processes("io.github.wslproxy.Main");
        if (jvms.isEmpty()) {
            throw new AssertionError("no JVM runs: " + out() + err());
        }
        return jvms.get(jvms.size() - 1);
    }

    /** As Ctrl-C does. */
    void interrupt() throws Exception {
        Shell.run("kill", "-INT", Long.toString(jvm().pid())).orFail();
    }

    /** As the Task Manager does. */
    void kill() throws Exception {
        jvm().destroyForcibly();
    }

    /** The exit status of what was started; fails if that is still running after {@code patience}. */
    int awaitEnd(Duration patience) throws Exception {
        if (!start.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + patience + "\n" + out() + err());
        }
        return start.exitValue();
    }

    String out() throws IOException {
        return Files.readString(out, Wine.CONSOLE);
    }

    String err() throws IOException {
        return Files.readString(err, Wine.CONSOLE);
    }

    @Override
    public void close() throws IOException {
        windows.processes("io.github.wslproxy.Main").forEach(ProcessHandle::destroyForcibly);
        start.destroyForcibly().onExit().join();
    }
}
