package io.github.wslproxy.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes which test proved which of the forty cases to {@code target/cases.md}. Unit and integration tests run in
 * processes of their own: each leaves its results in {@code target/cases}, and the table is made of all that are there.
 */
public final class CasesReport implements TestExecutionListener {
    private static final Path FOLDER = Path.of("target", "cases");
    private static final Path TABLE = Path.of("target", "cases.md");
    private static final Pattern LINE = Pattern.compile("(\\d+) (.+)");

    /** A test with its result; a test with several rows has failed if one of them has. */
    private final Map<String, String> results = new ConcurrentHashMap<>();

    private final Map<String, int[]> cases = new ConcurrentHashMap<>();

    private static final Map<String, String> NOT_RUN = Map.of("", "not run");

    /** The title of each case by its number. */
    public static Map<Integer, String> titles() {
        Map<Integer, String> titles = new TreeMap<>();
        try (var in = CasesReport.class.getResourceAsStream("/cases.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(LINE::matcher)
                    .filter(Matcher::matches)
                    .forEach(line -> titles.put(Integer.valueOf(line.group(1)), line.group(2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return titles;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        record(test, result.getStatus() == TestExecutionResult.Status.SUCCESSFUL ? "passed" : "FAILED");
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        record(test, "skipped: " + reason.lines().findFirst().orElse(""));
    }

    private void record(TestIdentifier test, String result) {
        Optional<TestSource> source = test.getSource();
        if (source.isPresent() && source.get() instanceof MethodSource at) {
            int[] proves = provenBy(at);
            if (proves.length > 0) {
                String name = at.getClassName().replaceAll(".*\\.", "") + "." + at.getMethodName();
                cases.put(name, proves);
                results.merge(name, result, (one, other) -> one.equals("passed") ? other : one);
            }
        }
    }

    private static int[] provenBy(MethodSource at) {
        return Stream.of(at.getJavaMethod(), at.getJavaClass())
                .flatMap(place -> Stream.ofNullable(place.getAnnotation(Case.class)))
                .flatMapToInt(each -> IntStream.of(each.value()))
                .distinct()
                .toArray();
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (results.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(FOLDER);
            List<String> lines = results.keySet().stream()
                    .sorted()
                    .flatMap(test -> IntStream.of(cases.get(test))
                            .mapToObj(number -> number + "\t" + test + "\t" + results.get(test)))
                    .toList();
            Files.write(FOLDER.resolve(ProcessHandle.current().pid() + ".tsv"), lines);
            Files.write(TABLE, table());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> table() throws IOException {
        Map<Integer, Map<String, String>> proofs = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.sorted(Comparator.comparing(CasesReport::written)).toList()) {
                for (String line : Files.readAllLines(file)) {
                    String[] fields = line.split("\t", 3);
                    proofs.computeIfAbsent(Integer.valueOf(fields[0]), unused -> new TreeMap<>())
                            .put(fields[1], "`" + fields[1] + "` " + fields[2]);
                }
            }
        }
        Stream<String> rows = titles().entrySet().stream()
                .map(each -> "| " + each.getKey() + " | " + each.getValue() + " | "
                        + String.join(
                                "<br>",
                                proofs.getOrDefault(each.getKey(), NOT_RUN).values()) + " |");
        return Stream.concat(Stream.of("| case | what | tests and results |", "|---|---|---|"), rows)
                .toList();
    }

    /** Of two results of one test the newer counts. */
    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
