package io.github.wslproxy.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows of text in columns. What the table adds is ASCII. */
final class TextTable {
    private static final String GAP = "  ";

    /** Stands for the rest of a cell that is cut. */
    private static final String CUT = "..";

    /** A column is not cut below this. */
    private static final int NARROWEST = 8;

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... head) {
        row(head);
    }

    /** Adds a row with as many cells as the head. */
    TextTable row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** The head and the rows: each column is as wide as its widest cell, and no line ends in blanks. */
    List<String> lines() {
        return lines(widths());
    }

    /** Cuts the widest columns, as far as that makes the lines fit into {@code room} characters. */
    List<String> lines(int room) {
        int[] widths = widths();
        for (int over = width() - room; over > 0; over--) {
            int widest = IntStream.range(0, widths.length)
                    .reduce((one, other) -> widths[other] > widths[one] ? other : one)
                    .orElseThrow();
            if (widths[widest] <= NARROWEST) {
                break;
            }
            widths[widest]--;
        }
        return lines(widths);
    }

    /** The width of the longest line, at most. */
    int width() {
        int[] widths = widths();
        return IntStream.of(widths).sum() + GAP.length() * (widths.length - 1);
    }

    private List<String> lines(int[] widths) {
        return rows.stream().map(cells -> line(cells, widths)).toList();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cut(cells.get(column), widths[column]);
            line.append(cell)
                    .append(" ".repeat(Math.max(0, widths[column] - TextWidth.of(cell))))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    /** The text, or its beginning and two dots, in so many columns of a terminal at most. */
    static String cut(String text, int longest) {
        return TextWidth.of(text) <= longest
                ? text
                : text.substring(0, TextWidth.charactersWithin(text, longest - CUT.length())) + CUT;
    }

    private int[] widths() {
        return IntStream.range(0, rows.get(0).size())
                .map(column -> rows.stream()
                        .mapToInt(row -> TextWidth.of(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
    }
}
