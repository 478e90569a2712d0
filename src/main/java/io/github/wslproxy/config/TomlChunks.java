package io.github.wslproxy.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tomlj.TomlPosition;

/**
 * Cuts the text in front of its tables. tomlj holds up to 400 bytes for each byte of what it reads at once, and 2,400
 * for a line with a mistake, so that a large file read as a whole would not fit in the heap beside what runs.
 */
final class TomlChunks {
    /** Tables are read together up to this size, which as a rule is the whole file. */
    private static final int TOGETHER = 16 * 1024;

    private static final int LINES_TOGETHER = 1024;

    /** One table may be so large: 1,000 clients in {@code allow}, as many in {@code deny}, and comments on them. */
    static final int MOST_BYTES = 64 * 1024;

    static final int MOST_LINES = 4096;
    static final int MOST_FORWARDS = 4096;

    private static final String MOST_OF_A_TABLE =
            "at most " + MOST_BYTES / 1024 + " KiB and " + MOST_LINES + " lines from one table to the next";

    /** A table of the file, not one below it: {@code [forward.x]} stays with the {@code [[forward]]} before it. */
    private static final Pattern HEADER = Keys.TABLES.stream()
            .collect(Collectors.collectingAndThen(
                    Collectors.joining("|"),
                    names -> Pattern.compile(
                            "[ \\t]*\\[(?:\\[[ \\t]*(forward)[ \\t]*]|[ \\t]*(?:" + names + ")[ \\t]*])")));

    private final String text;
    private final Problems problems;
    private final List<Piece> pieces = new ArrayList<>();
    private int forwards;

    /** The beginning of the piece that is being gathered, and of the table in it that is being looked at. */
    private int pieceStart;

    private int pieceLine = 1;
    private int tableStart;
    private int tableLine = 1;

    /** @param linesBefore how many lines of the file come before it */
    record Piece(String text, int linesBefore) {}

    private TomlChunks(String text, Problems problems) {
        this.text = text;
        this.problems = problems;
    }

    /** @throws ConfigException if there is more than what can be read beside what runs */
    static List<Piece> of(String text, Problems problems) throws ConfigException {
        TomlChunks cut = new TomlChunks(text, problems);
        cut.cut();
        return cut.pieces;
    }

    private void cut() throws ConfigException {
        TextLines lines = new TextLines(text);
        Matcher header = HEADER.matcher(text);
        while (lines.next()) {
            header.region(lines.start(), lines.end());
            if (!lines.isInString() && header.lookingAt()) {
                tableBegins(lines.start(), lines.number());
                if (header.group(1) != null) {
                    countForward(lines.number());
                }
            }
        }
        tableBegins(text.length(), lines.number() + 1);
        pieces.add(new Piece(text.substring(pieceStart), pieceLine - 1));
    }

    private void tableBegins(int start, int line) throws ConfigException {
        refuseIfTooLarge(start, line);
        if (tableStart > pieceStart && (start - pieceStart > TOGETHER || line - pieceLine > LINES_TOGETHER)) {
            pieces.add(new Piece(text.substring(pieceStart, tableStart), pieceLine - 1));
            pieceStart = tableStart;
            pieceLine = tableLine;
        }
        tableStart = start;
        tableLine = line;
    }

    private void refuseIfTooLarge(int end, int line) throws ConfigException {
        boolean fits = end - tableStart <= MOST_BYTES
                && line - tableLine <= MOST_LINES
                && text.substring(tableStart, end).getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES;
        if (!fits) {
            throw problems.fatal(
                    TomlPosition.positionAt(tableLine, 1), "what begins here is too large", MOST_OF_A_TABLE);
        }
    }

    private void countForward(int line) throws ConfigException {
        if (++forwards > MOST_FORWARDS) {
            throw problems.fatal(
                    TomlPosition.positionAt(line, 1),
                    "there are more than " + MOST_FORWARDS + " [[forward]]",
                    "at most " + MOST_FORWARDS + "; a range such as \"0.0.0.0:8000-8010\" is one");
        }
    }

    /** Goes through the lines of a TOML text, and knows which of them begin inside a string of several lines. */
    private static final class TextLines {
        private static final String NONE = "";

        private final String text;
        private int number;
        private int start;
        private int end = -1;
        private boolean inString;

        /** The quotes that end the string of several lines that the text is in. */
        private String quotes = NONE;

        TextLines(String text) {
            this.text = text;
        }

        /** Goes to the next line; false if there is none. */
        boolean next() {
            if (end == text.length()) {
                return false;
            }
            start = end + 1;
            int lineEnd = text.indexOf('\n', start);
            end = lineEnd < 0 ? text.length() : lineEnd;
            number++;
            inString = !quotes.equals(NONE);
            follow();
            return true;
        }

        /** The number of the line; 1 for the first. */
        int number() {
            return number;
        }

        int start() {
            return start;
        }

        /** The place behind the last character of the line; the line feed is not part of it. */
        int end() {
            return end;
        }

        /** Whether the line begins inside a string. */
        boolean isInString() {
            return inString;
        }

        private void follow() {
            int at = start;
            while (at < end) {
                at = quotes.equals(NONE) ? outside(at) : inside(at);
            }
        }

        /** @return where to go on */
        private int outside(int at) {
            char c = text.charAt(at);
            if (c == '#') {
                return end;
            }
            if (c != '"' && c != '\'') {
                return at + 1;
            }
            String three = String.valueOf(c).repeat(3);
            if (text.startsWith(three, at)) {
                quotes = three;
                return at + 3;
            }
            return behindString(at + 1, c);
        }

        private int inside(int at) {
            if (text.charAt(at) == '\\' && quotes.charAt(0) == '"') {
                return at + 2;
            }
            if (text.startsWith(quotes, at)) {
                int behind = at + 3;
                while (behind < end && text.charAt(behind) == quotes.charAt(0)) {
                    behind++; // One or two quotes may stand in front of those that end it.
                }
                quotes = NONE;
                return behind;
            }
            return at + 1;
        }

        private int behindString(int from, char quote) {
            int at = from;
            while (at < end && text.charAt(at) != quote) {
                at += text.charAt(at) == '\\' && quote == '"' ? 2 : 1;
            }
            return at + 1;
        }
    }
}
