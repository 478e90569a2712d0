package io.github.wslproxy.e2e;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.wsl.WslProbes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The packaged program while it runs, as a process of its own. */
final class Program implements AutoCloseable {
    static final Path LAUNCHER = Path.of("target/wslproxy/wslproxy").toAbsolutePath();

    /** The VM of most tests is a server on loopback, which {@code [wsl] command} may not say otherwise. */
    static final String VM_ON_LOOPBACK = "-D" + WslProbes.VM_ON_LOOPBACK + "=true";

    /**
     * A shell has what it starts in the background ignore SIGINT, and nohup has it ignore SIGHUP: tests too, and the
     * JVM leaves that so.
     */
    private static final List<String> HEEDS_SIGNALS = heedsSignals();

    private final Process process;
    private final Path out;
    private final Path err;

    /** Its outputs go to files in {@code folder}. */
    Program(Path folder, String... arguments) throws IOException {
        out = folder.resolve("out");
        err = folder.resolve("err");
        process = new ProcessBuilder(command(arguments))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        awaitSignalsHeeded();
    }

    /** A signal that comes before is lost where the tests themselves ignore it. */
    private void awaitSignalsHeeded() {
        while (process.isAlive() && isStillEnv()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** It is Java's jspawnhelper first, then env, which becomes the launcher. */
    private boolean isStillEnv() {
        return process.info()
                .command()
                .filter(command -> !command.endsWith("/env") && !command.endsWith("/jspawnhelper"))
                .isEmpty();
    }

    static List<String> command(String... arguments) {
        return Stream.of(
                        HEEDS_SIGNALS.stream(),
                        Stream.of("WSLPROXY_JAVA_OPTS=" + VM_ON_LOOPBACK, LAUNCHER.toString()),
                        Stream.of(arguments))
                .flatMap(part -> part)
                .toList();
    }

    /** The option is of GNU env; where another one is, the tests have to run in the foreground. */
    private static List<String> heedsSignals() {
        List<String> env = List.of("env", "--default-signal=INT,HUP");
        try {
            Process trial = new ProcessBuilder(env.get(0), env.get(1), "true").start();
            return trial.waitFor() == 0 ? env : List.of("env");
        } catch (IOException | InterruptedException noEnv) {
            return List.of("env");
        }
    }

    /** Runs it to its end. */
    static Shell.Result run(String... arguments) throws Exception {
        return Shell.run(command(arguments));
    }

    /** Waits for the row of the forward "web", after which all listeners have been tried. */
    Program awaitStart() throws Exception {
        Await.until(() -> out().matches("(?s).*is running.*\\Rweb [^\\n]*\\n.*") || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError("it ended with " + process.exitValue() + ": " + err());
        }
        return this;
    }

    String out() throws IOException {
        return text(out);
    }

    String err() throws IOException {
        return text(err);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** @param signal without its {@code SIG}, such as {@code TERM} */
    void signal(String signal) throws Exception {
        Shell.run("sh", "-c", "kill -" + signal + " " + process.pid()).orFail();
    }

    /** Its exit status; fails if it is still running after {@code patience}. */
    int awaitEnd(Duration patience) throws Exception {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running after " + patience + "\n" + out() + err());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
