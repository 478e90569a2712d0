package io.github.wslproxy.bench.compare.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs that run and end, such as load generators. */
public final class Commands {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration FOR_VERSION = Duration.ofSeconds(10);
    private static final int MOST_OF_A_LINE = 160;

    private Commands() {}

    /** Where a program is: on the PATH, or in sbin, where the PATH of users often does not lead. */
    public static Optional<Path> find(String program) {
        Stream<String> folders = Stream.concat(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)),
                Stream.of("/usr/local/sbin", "/usr/sbin", "/sbin"));
        return folders.map(folder -> Path.of(folder).resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Runs it to its end.
     *
     * @return what it printed, on either stream
     * @throws FailedRunException if it does not end with status 0, or not within a minute
     */
    public static String output(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("bench", ".out");
        try {
            int status = status(command, output, PATIENCE);
            String text = Files.readString(output);
            if (status != 0) {
                throw new FailedRunException(command.get(0) + " ended with " + status + ": " + lastLine(text));
            }
            return text;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** What it says of its version, whatever its exit status: some end with 1 then. */
    public static String versionOutput(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("bench", ".out");
        try {
            status(command, output, FOR_VERSION);
            return Files.readString(output);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** The last line that is not blank, cut to a readable length. */
    public static String lastLine(String text) {
        String line = text.lines()
                .map(String::strip)
                .filter(candidate -> !candidate.isEmpty())
                .reduce((earlier, later) -> later)
                .orElse("it printed nothing");
        return line.length() <= MOST_OF_A_LINE ? line : line.substring(0, MOST_OF_A_LINE) + "...";
    }

    private static int status(List<String> command, Path output, Duration patience)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new FailedRunException(command.get(0) + " did not end within " + patience.toSeconds() + " s");
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
