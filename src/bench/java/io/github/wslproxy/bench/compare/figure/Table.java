package io.github.wslproxy.bench.compare.figure;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All lines as one table in Markdown, with notes of what failed and what took no part. */
public final class Table {
    private final List<Column> columns;
    private final List<Column> ours;
    private final Set<String> notes = new LinkedHashSet<>();

    public Table(List<Column> columns) {
        this.columns = columns;
        this.ours = columns.stream()
                .filter(column -> column.kind() == Column.Kind.OURS)
                .toList();
    }

    public String text(List<Line> lines) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(head());
        lines.forEach(line -> cells.add(cells(line)));
        return aligned(cells) + notes.stream().map(note -> "\n* " + note).collect(Collectors.joining()) + "\n";
    }

    private List<String> head() {
        List<String> head = new ArrayList<>(List.of("row", "figure"));
        columns.forEach(column -> head.add(column.name()));
        for (Column column : ours) {
            String suffix = ours.size() == 1 ? "" : " (" + column.name() + ")";
            head.add("/ " + Rival.BEST_COPIER.title() + suffix);
            head.add("/ " + Rival.DOCKER_PROXY.title() + suffix);
            head.add("targets" + suffix);
        }
        return head;
    }

    private List<String> cells(Line line) {
        List<String> cells = new ArrayList<>();
        cells.add(line.row());
        cells.add(line.figure().name()
                + (line.figure().unit().isEmpty() ? "" : ", " + line.figure().unit()));
        line.cells().forEach((column, cell) -> cells.add(text(line, column, cell)));
        for (Column column : ours) {
            cells.add(ratio(line, column, Rival.BEST_COPIER));
            cells.add(ratio(line, column, Rival.DOCKER_PROXY));
            cells.add(targets(line, column));
        }
        return cells;
    }

    private String text(Line line, Column column, Cell cell) {
        if (cell instanceof Cell.Measured measured) {
            String spread = measured.values().size() == 1 ? "" : " ~" + Math.round(100 * measured.spread()) + "%";
            return Numbers.rounded(measured.median()) + spread;
        }
        if (cell instanceof Cell.Failed failed) {
            notes.add(line.row() + ": " + column.name() + ": failed: " + failed.why());
            return "failed";
        }
        if (cell instanceof Cell.Absent absent && !absent.why().isEmpty()) {
            notes.add(line.row() + ": without " + column.name() + ": " + absent.why());
        }
        return "-";
    }

    private static String ratio(Line line, Column ours, Rival rival) {
        return line.ratio(ours, rival).map(Table::text).orElse("-");
    }

    private static String text(Ratio ratio) {
        if (ratio.interval().isEmpty()) {
            return "few rounds";
        }
        return ratio.isMeaningful() ? String.format(Locale.ROOT, "%.2f", ratio.median()) : "noise";
    }

    private static String targets(Line line, Column ours) {
        return line.figure().targets().stream()
                .map(target -> target.text() + ": " + target.judge(line, ours))
                .collect(Collectors.joining("; "));
    }

    private static String aligned(List<List<String>> cells) {
        int[] widths = IntStream.range(0, cells.get(0).size())
                .map(i -> cells.stream()
                        .mapToInt(row -> row.get(i).length())
                        .max()
                        .orElse(0))
                .toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            text.append(row(cells.get(i), widths));
            if (i == 0) {
                List<String> rule = IntStream.of(widths).mapToObj("-"::repeat).toList();
                text.append(row(rule, widths));
            }
        }
        return text.toString();
    }

    private static String row(List<String> cells, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(
                        i -> cells.get(i) + " ".repeat(widths[i] - cells.get(i).length()))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
