package io.github.wslproxy.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** What stands in the file, with the places of the file, though it was read {@linkplain TomlChunks piece by piece}. */
final class TomlDocument {
    private final Problems problems;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Entry> forwards = new ArrayList<>();

    /**
     * A value and its place.
     *
     * @param linesBefore what to add to the lines of the places in it
     */
    record Entry(Object value, TomlPosition at, int linesBefore) {}

    private TomlDocument(Problems problems) {
        this.problems = problems;
    }

    /** @throws ConfigException if the text is too large, or what it is cannot be told */
    static TomlDocument parse(String text, Problems problems) throws ConfigException {
        TomlDocument document = new TomlDocument(problems);
        for (TomlChunks.Piece piece : TomlChunks.of(text, problems)) {
            document.add(TomlSyntax.parse(piece, problems), piece.linesBefore());
            if (problems.areMany()) {
                break; // Nobody reads more of them.
            }
        }
        return document;
    }

    static TomlPosition shifted(TomlPosition position, int lines) {
        return lines == 0 ? position : TomlPosition.positionAt(position.line() + lines, position.column());
    }

    private void add(TomlTable piece, int linesBefore) {
        for (String key : piece.keySet()) {
            // As a list: in the text form tomlj reads dots as a path and throws on what is no bare key.
            List<String> path = List.of(key);
            Object value = piece.get(path);
            TomlPosition given = piece.inputPositionOf(path);
            if (value == null) {
                continue;
            }
            Entry entry = new Entry(
                    value, given == null ? TomlPosition.positionAt(1, 1) : shifted(given, linesBefore), linesBefore);
            Entry before = entries.putIfAbsent(key, entry);
            if (key.equals("forward") && value instanceof TomlArray array) {
                addForwards(array, linesBefore);
            }
            if (before != null && !(isForwards(before) && isForwards(entry) && key.equals("forward"))) {
                problems.noteSyntax(
                        entry.at(),
                        problems.source().endOfTable(entry.at().line()),
                        key + " previously defined at line " + before.at().line() + ", column "
                                + before.at().column(),
                        "it once");
            }
        }
    }

    private static boolean isForwards(Entry entry) {
        return entry.value() instanceof TomlArray;
    }

    private void addForwards(TomlArray array, int linesBefore) {
        for (int i = 0; i < array.size(); i++) {
            TomlPosition at = problems.source().element(shifted(array.inputPositionOf(i), linesBefore));
            forwards.add(new Entry(array.get(i), at, linesBefore));
        }
    }

    Set<String> keys() {
        return entries.keySet();
    }

    @Nullable
    Entry find(String key) {
        return entries.get(key);
    }

    /** The elements of {@code forward}, where that is an array. */
    List<Entry> forwards() {
        return forwards;
    }
}
