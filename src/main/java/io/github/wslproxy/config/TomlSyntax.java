package io.github.wslproxy.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads the notation and notes its faults in the words of tomlj, without those that only follow from another. */
final class TomlSyntax {
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
        // They come in the order in which tomlj found them, which is not that of the file.
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
                    at, source.endOfTable(at.line()), "[forward] and [[forward]] in one file", "[[forward]] each time");
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

    /** As a rule it is a Windows path in double quotes. */
    private static boolean isEscape(String message) {
        return message.toLowerCase(Locale.ROOT).contains("escape sequence");
    }
}
