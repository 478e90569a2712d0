package io.github.wslproxy.config;

import io.github.wslproxy.config.Problems.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** The content of the file with its places in the file, though it was read {@linkplain TomlChunks piece by piece}. */
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

    /** @throws ConfigException if the text is too large, or tomlj cannot read it */
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
            // The key goes as a list: in the text form tomlj reads dots as a path and throws on what is no bare key.
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

    /** Reads the notation and notes its faults in the words of tomlj, without those that only follow from another. */
    private static final class TomlSyntax {
        private static final String EXPECTED = ", expected ";
        private static final String DEFINED_BEFORE = " previously defined at ";
        private static final String NOT_AN_ARRAY = "forward is not an array";
        private static final String WINDOWS_PATH = "a path in 'single quotes', where a backslash is a backslash";

        private static final Pattern LINE = Pattern.compile("(?<= previously defined at line )\\d{1,9}");

        private final Source source;
        private final Problems problems;
        private final int linesBefore;

        private TomlSyntax(Problems problems, int linesBefore) {
            this.source = problems.source();
            this.problems = problems;
            this.linesBefore = linesBefore;
        }

        /** The places in the result are those of the piece. Never throws anything else, whatever the text is. */
        static TomlTable parse(TomlChunks.Piece piece, Problems problems) throws ConfigException {
            TomlPosition start = TomlPosition.positionAt(piece.linesBefore() + 1, 1);
            try {
                TomlParseResult result = Toml.parse(piece.text());
                new TomlSyntax(problems, piece.linesBefore()).note(result.errors());
                return result;
            } catch (StackOverflowError tooDeep) {
                // tomlj's parser is recursive; the stack is whole again here.
                throw problems.fatal(start, "values are nested too deeply", "a few levels");
            } catch (RuntimeException | AssertionError unforeseen) {
                // Among what tomlj asserts are things that a file may well break.
                throw problems.fatal(start, "the file cannot be read: " + unforeseen, "TOML 1.0");
            }
        }

        private void note(List<TomlParseError> errors) {
            // The errors come in the order in which tomlj found them, which is not that of the file.
            errors.stream()
                    .sorted(Comparator.comparingInt(
                                    (TomlParseError error) -> error.position().line())
                            .thenComparingInt(error -> error.position().column()))
                    .forEach(this::note);
        }

        private void note(TomlParseError error) {
            TomlPosition at = TomlDocument.shifted(error.position(), linesBefore);
            String message = LINE.matcher(String.valueOf(error.getMessage()))
                    .replaceAll(found -> String.valueOf(Integer.parseInt(found.group()) + linesBefore));
            boolean repeats = message.contains(DEFINED_BEFORE);
            if (repeats && problems.isDoubtful(at.line())) {
                return;
            }
            if (source.isHeader(at.line())
                    && (message.startsWith("forward" + DEFINED_BEFORE) || message.startsWith(NOT_AN_ARRAY))) {
                problems.noteSyntax(
                        at,
                        source.endOfTable(at.line()),
                        "[forward] and [[forward]] in one file",
                        "[[forward]] each time");
                return;
            }
            int expected = message.indexOf(EXPECTED);
            problems.noteSyntax(
                    at,
                    source.isHeader(at.line()) ? source.endOfTable(at.line()) : at.line(),
                    expected < 0 ? message : message.substring(0, expected),
                    expected < 0
                            ? (repeats ? "it once" : isEscape(message) ? WINDOWS_PATH : "TOML 1.0")
                            : message.substring(expected + EXPECTED.length()));
        }

        /** The value is as a rule a Windows path in double quotes. */
        private static boolean isEscape(String message) {
            return message.toLowerCase(Locale.ROOT).contains("escape sequence");
        }
    }
}
