package io.github.wslproxy.bench.compare.figure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes down what one row measures. A program that has failed once is out: its values before and after do not count. For
 * one thread.
 */
public final class Sheet {
    private final String row;
    private final List<Figure> figures;
    private final Map<Column, Map<Figure, List<Double>>> values = new LinkedHashMap<>();
    private final Map<Column, Cell> out = new LinkedHashMap<>();

    public Sheet(String row, List<Figure> figures, List<Column> columns) {
        this.row = row;
        this.figures = figures;
        columns.forEach(column -> values.put(column, new LinkedHashMap<>()));
    }

    /**
     * Takes the values of one round.
     *
     * @param round a figure that the program has no value for is missing in all rounds
     */
    public void add(Column column, Map<Figure, Double> round) {
        Map<Figure, List<Double>> soFar = values.computeIfAbsent(column, added -> new LinkedHashMap<>());
        round.forEach((figure, value) ->
                soFar.computeIfAbsent(figure, added -> new ArrayList<>()).add(value));
    }

    public void fail(Column column, String why) {
        out.putIfAbsent(column, new Cell.Failed(why));
    }

    public void leaveOut(Column column, String why) {
        out.putIfAbsent(column, new Cell.Absent(why));
    }

    public boolean takesPart(Column column) {
        return !out.containsKey(column);
    }

    public List<Line> lines() {
        return figures.stream().map(this::line).toList();
    }

    private Line line(Figure figure) {
        Map<Column, Cell> cells = new LinkedHashMap<>();
        values.forEach((column, measured) -> cells.put(column, cell(column, measured.get(figure))));
        return new Line(row, figure, cells);
    }

    private Cell cell(Column column, @Nullable List<Double> measured) {
        Cell reason = out.get(column);
        if (reason != null) {
            return reason;
        }
        return measured == null ? new Cell.Absent("") : new Cell.Measured(List.copyOf(measured));
    }
}
