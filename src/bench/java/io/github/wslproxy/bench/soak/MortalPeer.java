package io.github.wslproxy.bench.soak;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A {@link PeerProgram} that runs. */
final class MortalPeer implements Closeable {
    private final Process process;

    /** @param errors what it writes to its error output is added to this file */
    MortalPeer(String role, int port, Path errors) throws IOException {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        PeerProgram.class.getName(),
                        role,
                        Integer.toString(port)))
                .redirectOutput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
    }

    /** It stays as it is, with its sockets open, until it is resumed or killed. */
    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + " ended with " + status);
        }
    }

    /** Kills it, in whatever state. Its port is free when this returns. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
