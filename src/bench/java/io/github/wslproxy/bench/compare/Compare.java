package io.github.wslproxy.bench.compare;

import io.github.wslproxy.bench.Installed;
import io.github.wslproxy.bench.compare.figure.Cell;
import io.github.wslproxy.bench.compare.figure.Line;
import io.github.wslproxy.bench.compare.figure.Table;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.program.Program;
import io.github.wslproxy.bench.compare.program.Programs;
import io.github.wslproxy.bench.compare.row.Pace;
import io.github.wslproxy.bench.compare.row.Row;
import io.github.wslproxy.bench.compare.row.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: from the zip to the table. */
@Command(
        name = "compare",
        description = "Measures wslproxy beside other relays, over loopback, and prints one table.",
        mixinStandardHelpOptions = true)
final class Compare implements Callable<Integer> {
    private static final int FULL_ROUNDS = 5;
    private static final int QUICK_ROUNDS = 2;

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--zip", required = true, hidden = true)
    private Path zip = Path.of("");

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "how often each program runs each row: 5, with --quick 2; ratios need 5")
    private @Nullable Integer rounds;

    @Option(
            names = "--rows",
            split = ",",
            paramLabel = "ROW",
            description = "only these rows or groups of rows (bulk, http, udp, growth, ...); --list names them")
    private List<String> chosenRows = List.of();

    @Option(
            names = "--programs",
            split = ",",
            paramLabel = "NAME",
            description = "only these programs, as the table names them")
    private List<String> chosenPrograms = List.of();

    @Option(names = "--quick", description = "short runs, for a look while developing")
    private boolean quick;

    @Option(names = "--jdk", split = ",", paramLabel = "HOME", description = "the Javas to run wslproxy with")
    private List<Path> javas = List.of(Path.of(System.getProperty("java.home")));

    @Option(names = "--json", paramLabel = "FILE", description = "where to write all values of all rounds")
    private @Nullable Path json;

    @Option(names = "--picture", paramLabel = "FILE", description = "where to draw the ratios, as SVG")
    private @Nullable Path picture;

    @Option(names = "--syscalls", description = "count system calls by strace instead, and print those")
    private boolean syscalls;

    @Option(names = "--list", description = "print the names of rows and programs")
    private boolean list;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Compare()).execute(arguments));
    }

    /** Runs it; the status is 1 if a program failed in a row. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        Path folder = Files.createTempDirectory("wslproxy-compare");
        Lab lab = new Lab(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(lab::close, "clean-up"));

        List<Path> launchers = new ArrayList<>();
        for (int i = 0; i < javas.size(); i++) {
            launchers.add(launcher(Files.createDirectory(folder.resolve("installed-" + i))));
        }
        List<Program> all = Programs.all(launchers, javas);
        List<Row> rows = rows();
        if (list) {
            System.out.println("rows: " + rows.stream().map(Row::name).collect(Collectors.joining(" ")));
            System.out.println("programs: " + names(all));
            return 0;
        }
        List<Program> programs = installed(chosen(all));
        Map<String, String> machine = new LinkedHashMap<>(Machine.facts(programs));
        machine.put("rounds", rounds() + (quick ? ", quick" : ""));
        machine.forEach((name, value) -> System.out.println("* " + name + ": " + value));
        System.out.println();
        for (Program program : programs) {
            program.prepare(lab);
        }
        if (syscalls) {
            System.out.print(new Syscalls(lab, pace()).table(programs));
            return 0;
        }
        List<Line> lines = new CopyOnWriteArrayList<>();
        AtomicBoolean reported = new AtomicBoolean();
        Thread interrupted = new Thread(() -> reportOnce(reported, programs, machine, lines), "report");
        Runtime.getRuntime().addShutdownHook(interrupted);
        new Bench(lab, pace(), rounds(), programs, System.err).run(rows, lines::addAll);
        reportOnce(reported, programs, machine, lines);
        return hasFailure(lines) ? 1 : 0;
    }

    /** Whoever interrupts it keeps the rows that are finished. */
    private void reportOnce(
            AtomicBoolean reported, List<Program> programs, Map<String, String> machine, List<Line> lines) {
        if (!lines.isEmpty() && reported.compareAndSet(false, true)) {
            try {
                report(programs, machine, lines);
            } catch (IOException e) {
                System.err.println("compare: " + e);
            }
        }
    }

    /** Before the work of an hour. */
    private void checkOptions() {
        if (rounds() < 1) {
            throw wrong("--rounds " + rounds() + " (expected: at least 1)");
        }
        for (Path java : javas) {
            if (!Files.isExecutable(java.resolve("bin").resolve("java"))) {
                throw wrong("--jdk " + java + " (expected: the home of a Java, with bin/java)");
            }
        }
        for (Path file : Stream.of(json, picture).filter(Objects::nonNull).toList()) {
            Path folder = file.toAbsolutePath().getParent();
            if (folder == null || !Files.isWritable(folder) || Files.isDirectory(file)) {
                throw wrong(file + " cannot be written (expected: a file in a folder that is there)");
            }
        }
    }

    private void report(List<Program> programs, Map<String, String> machine, List<Line> lines) throws IOException {
        System.out.print(new Table(programs.stream().map(Program::column).toList()).text(lines));
        if (json != null) {
            Files.writeString(json, Json.text(machine, rounds(), lines));
        }
        if (picture != null) {
            new RatioPicture(machine.getOrDefault("date", "") + ", rounds: " + machine.get("rounds"), lines)
                    .write(picture);
        }
    }

    private static boolean hasFailure(List<Line> lines) {
        return lines.stream()
                .flatMap(line -> line.cells().values().stream())
                .anyMatch(cell -> cell instanceof Cell.Failed);
    }

    private Pace pace() {
        return quick ? Pace.QUICK : Pace.FULL;
    }

    private int rounds() {
        return rounds != null ? rounds : quick ? QUICK_ROUNDS : FULL_ROUNDS;
    }

    private Path launcher(Path place) throws IOException {
        Installed.unpack(zip, place);
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> file.endsWith("wslproxy"))
                    .filter(Files::isExecutable)
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .orElseThrow(() -> new IOException(zip + ": no launcher in it"));
        }
    }

    private List<Row> rows() throws IOException {
        List<Row> all = Rows.all();
        for (String name : chosenRows) {
            if (all.stream().noneMatch(row -> isNamed(row, name))) {
                throw wrong("--rows " + name + " (expected: a row or group of --list)");
            }
        }
        return all.stream()
                .filter(row -> chosenRows.isEmpty() || chosenRows.stream().anyMatch(name -> isNamed(row, name)))
                .toList();
    }

    private static boolean isNamed(Row row, String name) {
        return row.name().equals(name) || row.name().startsWith(name + "-");
    }

    private List<Program> chosen(List<Program> all) {
        for (String name : chosenPrograms) {
            if (all.stream().noneMatch(program -> program.column().name().equals(name))) {
                throw wrong("--programs " + name + " (expected: some of " + names(all) + ")");
            }
        }
        return all.stream()
                .filter(program -> chosenPrograms.isEmpty()
                        || chosenPrograms.contains(program.column().name()))
                .toList();
    }

    private static List<Program> installed(List<Program> programs) {
        List<Program> installed = new ArrayList<>();
        for (Program program : programs) {
            Optional<String> missing = program.missing();
            missing.ifPresentOrElse(
                    why -> System.err.println("without " + program.column().name() + ": " + why),
                    () -> installed.add(program));
        }
        return installed;
    }

    private static String names(List<Program> programs) {
        return programs.stream().map(program -> program.column().name()).collect(Collectors.joining(" "));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
