package io.github.wslproxy.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns, ASCII only. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... head) {
        row(head);
    }

    /** Adds a row with as many cells as the head. */
    TextTable row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** The head and the rows, each column as wide as its widest cell, no blanks at line ends. */
    List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell).append(" ".repeat(width(column) - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
