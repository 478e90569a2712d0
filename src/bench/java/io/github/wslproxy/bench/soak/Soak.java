package io.github.wslproxy.bench.soak;

import io.github.wslproxy.config.DurationText;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The command {@code src/bench/soak}. Status 0: nothing grew and nothing was wrong; 1: something did, or it broke off.
 */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Loads wslproxy, from its zip, with all that can go wrong, and fails if it loses a byte or grows.")
final class Soak implements Callable<Integer> {
    private static final Duration SHORTEST = Duration.ofSeconds(20);

    @Option(names = "--for", paramLabel = "TIME", defaultValue = "20m", description = "how long (default: 20m)")
    @Nullable
    Duration length;

    @Option(names = "--csv", paramLabel = "FILE", description = "writes what was seen each second there")
    @Nullable
    Path csv;

    @Option(names = "--report", paramLabel = "FILE", description = "writes the report there, too")
    @Nullable
    Path report;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "20261122", description = "of what clients do and when")
    long seed;

    @Option(names = "--zip", paramLabel = "FILE", required = true, description = "the program")
    @Nullable
    Path zip;

    @Option(names = "--keep", description = "leaves configuration and log of the proxy for a look")
    boolean keep;

    /** Lengths as in proxy.toml. */
    static final class Length implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return DurationText.find(text)
                    .filter(length -> length.compareTo(SHORTEST) >= 0)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' (expected at least 20s, such as 20m or 1h30m)"));
        }
    }

    public static void main(String[] arguments) {
        int status = new CommandLine(new Soak())
                .registerConverter(Duration.class, new Length())
                .setExecutionExceptionHandler((cause, command, parsed) -> {
                    cause.printStackTrace(command.getErr());
                    return 1;
                })
                .execute(arguments);
        System.exit(status);
    }

    @Override
    public Integer call() throws Exception {
        if (length == null || zip == null) {
            throw new IllegalStateException("the command line gave no length or no zip");
        }
        if (!Files.isDirectory(Path.of("/proc/self/fd"))) {
            System.err.println(
                    "soak: runs on Linux only, since it reads /proc (here: " + System.getProperty("os.name") + ")");
            return 1;
        }
        Path folder = Files.createTempDirectory("wslproxy-soak");
        try {
            return soak(length, zip, folder);
        } finally {
            if (keep) {
                System.err.println("soak: left in " + folder);
            } else {
                delete(folder);
            }
        }
    }

    private int soak(Duration length, Path zip, Path folder) throws Exception {
        String title = Machine.title(zip, length);
        SoakRun.Outcome outcome = new SoakRun(length, seed, folder).run(zip);
        Report text = new Report(title, seed, outcome);
        System.out.print(text);
        if (report != null) {
            Files.writeString(report, text.toString());
        }
        if (csv != null) {
            Stream<String> lines = outcome.samples().stream().map(Sample::values);
            Files.write(csv, Stream.concat(Stream.of(Sample.HEADER), lines).toList());
        }
        return text.holds() ? 0 : 1;
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, @Nullable IOException failure) throws IOException {
                Files.delete(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
