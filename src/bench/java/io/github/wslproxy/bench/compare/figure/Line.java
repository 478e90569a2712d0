package io.github.wslproxy.bench.compare.figure;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One figure of one row, of all programs.
 *
 * @param cells in the order of the table's columns
 */
public record Line(String row, Figure figure, Map<Column, Cell> cells) {
    public Optional<Ratio> ratio(Column ours, Rival rival) {
        return rival.in(this).flatMap(theirs -> measured(ours)
                .flatMap(mine -> measured(theirs).flatMap(other -> Ratio.of(mine, other, figure.better()))));
    }

    Optional<Cell.Measured> measured(Column column) {
        return cells.get(column) instanceof Cell.Measured measured ? Optional.of(measured) : Optional.empty();
    }

    Stream<Column> measuredColumns() {
        return cells.keySet().stream().filter(column -> measured(column).isPresent());
    }

    /** The median of its values; not a number if it has none. */
    double median(Column column) {
        return measured(column).map(Cell.Measured::median).orElse(Double.NaN);
    }
}
