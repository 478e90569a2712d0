package io.github.wslproxy.config;

import io.github.wslproxy.config.ValueParser.InvalidValue;
import io.github.wslproxy.forward.Access.ListOrigin;
import io.github.wslproxy.os.SafeText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of the file. Looks before it reads, as tomlj throws without a position, and notes what cannot be used
 * instead of throwing, so that one pass finds everything.
 */
final class TomlTableReader {
    /** Lists are gone through one by one, for each client and against each other. */
    private static final int MOST_ELEMENTS = 1000;

    /** Elements of a list that a message shows. */
    private static final int MOST_SHOWN = 3;

    /** A complaint about a port names these keys well enough. */
    private static final Set<String> PORT_KEYS = Set.of("port", "ports");

    private final TomlTable table;
    private final TomlPosition start;
    private final String label;
    private final Problems problems;
    private final int linesBefore;
    private final Set<String> refused = new HashSet<>();

    /** A value and where in the file it stands. */
    record Located<T>(T value, TomlPosition at) {}

    /**
     * @param start the place of what is missing
     * @param label how messages name this table: {@code [wsl]}, {@code forward "ssh"}
     * @param linesBefore what to add to the lines of the places in the table
     */
    TomlTableReader(TomlTable table, TomlPosition start, String label, int linesBefore, Problems problems) {
        this.table = table;
        this.start = start;
        this.label = label;
        this.problems = problems;
        this.linesBefore = linesBefore;
    }

    TomlPosition start() {
        return start;
    }

    boolean has(String key) {
        return found(key) != null;
    }

    /** The place of the key, or of the table if the key is not there. */
    TomlPosition at(String key) {
        TomlPosition position = has(key) ? table.inputPositionOf(List.of(key)) : null;
        return position == null ? start : TomlDocument.shifted(position, linesBefore);
    }

    /** The origin of an array of texts, with the first of them. */
    ListOrigin origin(String key, String section) {
        String words = found(key) instanceof TomlArray array
                ? array.toList().stream()
                        .limit(MOST_SHOWN)
                        .map(element -> SafeText.quoted(String.valueOf(element)))
                        .collect(Collectors.joining(", ", "[", array.size() > MOST_SHOWN ? ", ...]" : "]"))
                : "";
        return new ListOrigin(words, section, problems.source().place(at(key)));
    }

    /** Reads a value; empty if the key is not there, or was refused. */
    <T> Optional<T> read(String key, ValueParser<Object, T> parser) {
        Object found = found(key);
        return found == null ? Optional.empty() : tryParsing(key, found, at(key), parser);
    }

    /** Reads each element of an array; empty if the key is not there, or an element was refused. */
    <T> Optional<List<Located<T>>> readEach(String key, ValueParser<Object, T> element, String expected) {
        Optional<TomlArray> array = read(key, found -> {
            if (found instanceof TomlArray elements) {
                return elements;
            }
            throw ValueParser.wrongType(found, expected);
        });
        if (array.isEmpty()) {
            return Optional.empty();
        }
        if (array.get().size() > MOST_ELEMENTS) {
            refuse(key, "has " + array.get().size() + " elements", "at most " + MOST_ELEMENTS);
            return Optional.empty();
        }
        List<Located<T>> values = new ArrayList<>();
        for (int i = 0; i < array.get().size(); i++) {
            TomlPosition at =
                    problems.source().element(TomlDocument.shifted(array.get().inputPositionOf(i), linesBefore));
            tryParsing(key, array.get().get(i), at, element).ifPresent(value -> values.add(new Located<>(value, at)));
        }
        return refused.contains(key) ? Optional.empty() : Optional.of(values);
    }

    /** Reads an array as {@link #readEach} does, or one element without the brackets of an array. */
    <T> Optional<List<Located<T>>> readOneOrEach(String key, ValueParser<Object, T> element, String expected) {
        if (found(key) instanceof String) {
            return read(key, element).map(value -> List.of(new Located<>(value, at(key))));
        }
        return readEach(key, element, expected);
    }

    /** True if each of the keys is absent or has a value that can be used. */
    boolean accepted(String... keys) {
        return Set.of(keys).stream().noneMatch(refused::contains);
    }

    void refuse(String key, String complaint, String expected) {
        refuseAt(at(key), key, complaint, expected);
    }

    void refuseAt(TomlPosition at, String key, String complaint, String expected) {
        note(at, key, key + " " + complaint, expected);
    }

    private void note(TomlPosition at, String key, String message, String expected) {
        refused.add(key);
        problems.note(at, label + ": " + message, expected);
    }

    /** Refuses the later of two keys that exclude each other. */
    void refuseBoth(String one, String other) {
        if (has(one) && has(other)) {
            boolean inOrder = isBefore(at(one), at(other));
            refuse(inOrder ? other : one, "and " + (inOrder ? one : other) + " exclude each other", "one of them");
        }
    }

    void refuseUnknownKeys(List<String> known) {
        for (String key : table.keySet()) {
            if (!known.contains(key)) {
                String message = label + ": unknown key " + SafeText.quoted(key) + Keys.hint(key, known);
                problems.note(at(key), message, "one of " + String.join(", ", known));
            }
        }
    }

    /** Notes that something is missing, unless part of the file could not be read. */
    void miss(String message, String expected) {
        if (problems.sawWholeFile()) {
            problems.note(start, label + ": " + message, expected);
        }
    }

    private @Nullable Object found(String key) {
        // The key goes as a list: in the text form tomlj reads dots as a path and throws on what is no bare key.
        return table.get(List.of(key));
    }

    private <T> Optional<T> tryParsing(String key, Object found, TomlPosition at, ValueParser<Object, T> parser) {
        try {
            return Optional.of(parser.parse(found));
        } catch (InvalidValue refusal) {
            boolean isNamed = refusal.namesPort() && PORT_KEYS.contains(key);
            note(at, key, (isNamed ? "" : key + " ") + refusal.complaint(), refusal.expected());
            return Optional.empty();
        }
    }

    private static boolean isBefore(TomlPosition one, TomlPosition other) {
        return one.line() != other.line() ? one.line() < other.line() : one.column() < other.column();
    }
}
