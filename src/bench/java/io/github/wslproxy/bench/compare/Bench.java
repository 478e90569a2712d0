package io.github.wslproxy.bench.compare;

import io.github.wslproxy.bench.compare.figure.Column;
import io.github.wslproxy.bench.compare.figure.Line;
import io.github.wslproxy.bench.compare.figure.Sheet;
import io.github.wslproxy.bench.compare.lab.Commands;
import io.github.wslproxy.bench.compare.lab.Lab;
import io.github.wslproxy.bench.compare.program.Program;
import io.github.wslproxy.bench.compare.row.Pace;
import io.github.wslproxy.bench.compare.row.Row;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs rows, each with all programs, round after round. */
final class Bench {
    private final Lab lab;
    private final Pace pace;
    private final int rounds;
    private final List<Program> programs;
    private final PrintStream progress;

    /** @param programs that are there, and stay so */
    Bench(Lab lab, Pace pace, int rounds, List<Program> programs, PrintStream progress) {
        this.lab = lab;
        this.pace = pace;
        this.rounds = rounds;
        this.programs = programs;
        this.progress = progress;
    }

    /** @param finished takes the lines of each row as soon as they are there */
    void run(List<Row> rows, Consumer<List<Line>> finished) throws InterruptedException {
        for (Row row : rows) {
            Optional<String> missing = row.tools().stream()
                    .filter(tool -> Commands.find(tool).isEmpty())
                    .findFirst();
            if (missing.isPresent()) {
                progress.println(row.name() + ": skipped: " + missing.get() + " is not installed");
            } else {
                finished.accept(run(row));
            }
        }
    }

    private List<Line> run(Row row) throws InterruptedException {
        List<Column> columns = programs.stream().map(Program::column).toList();
        Sheet sheet = new Sheet(row.name(), row.figures(), columns);
        List<Program> taking = new ArrayList<>();
        for (Program program : programs) {
            row.excludes(program)
                    .ifPresentOrElse(why -> sheet.leaveOut(program.column(), why), () -> taking.add(program));
        }
        progress.print(row.name() + ":");
        try (Row.Session session = row.open(lab, pace, taking, sheet)) {
            for (int round = 0; round < rounds; round++) {
                progress.print(" " + (round + 1));
                session.round(Order.of(taking, round));
            }
        } catch (IOException e) {
            // Of what all programs share, such as the server. The other rows may still be fine.
            taking.forEach(program -> sheet.fail(program.column(), e.toString()));
        }
        progress.println();
        return sheet.lines();
    }
}
