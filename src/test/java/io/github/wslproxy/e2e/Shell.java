package io.github.wslproxy.e2e;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, without a shell. */
final class Shell {
    private static final int PATIENCE_SECONDS = 60;

    private Shell() {}

    record Result(int status, String out, String err) {
        Result orFail() {
            return orFailUnless(0);
        }

        /** Fails with all that was printed, which a bare status would leave out. */
        Result orFailUnless(int expected) {
            if (status != expected) {
                throw new AssertionError("status " + status + ", expected " + expected + "\n" + out + err);
            }
            return this;
        }
    }

    static Result run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    static Result run(List<String> command) throws IOException, InterruptedException {
        return run(command, StandardCharsets.UTF_8);
    }

    /** @param charset of what it prints */
    static Result run(List<String> command, Charset charset) throws IOException, InterruptedException {
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + PATIENCE_SECONDS + " s: " + command);
            }
            return new Result(process.exitValue(), read(out, charset), read(err, charset));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Whether a program of that name is on the PATH. */
    static boolean has(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String read(Path file, Charset charset) throws IOException {
        return Files.readString(file, charset);
    }
}
