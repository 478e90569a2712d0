package io.github.wslproxy.config;

import io.github.wslproxy.os.SafeText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.tomlj.TomlPosition;

/** Collects what is wrong with one file. */
final class Problems {
    /** A file that is no TOML has a problem on each line; nobody reads more than these. */
    private static final int MOST = 100;

    /** Problems come in any order, so more have to be kept to know the first. */
    private static final int MOST_KEPT = 10_000;

    private static final int LONGEST_TEXT = 500;

    private static final Comparator<Problem> IN_FILE_ORDER =
            Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

    private final Source source;
    private List<Problem> found = new ArrayList<>();
    private int dropped;
    private final BitSet doubtfulLines = new BitSet();

    Problems(Source source) {
        this.source = source;
    }

    Source source() {
        return source;
    }

    void note(TomlPosition at, String message, String expected) {
        if (!doubtfulLines.get(at.line())) {
            add(at, message, expected);
        }
    }

    /**
     * Notes a fault of the notation. What tomlj made of these lines is a guess, so later notes about them are dropped.
     *
     * @param lastLine the last line that is in doubt, not below that of {@code at}
     */
    void noteSyntax(TomlPosition at, int lastLine, String message, String expected) {
        add(at, message, expected);
        doubtfulLines.set(at.line(), lastLine + 1);
    }

    boolean isDoubtful(int line) {
        return doubtfulLines.get(line);
    }

    /** False if part of the file could not be read: then nothing can be said about what is missing from it. */
    boolean sawWholeFile() {
        return doubtfulLines.isEmpty();
    }

    /** True if there are more than a person is shown. */
    boolean areMany() {
        return dropped > 0 || found.size() > MOST;
    }

    /** Ends the reading of the file with this problem. */
    ConfigException fatal(TomlPosition at, String message, String expected) {
        add(at, message, expected);
        return new ConfigException(inFileOrder());
    }

    void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            throw new ConfigException(inFileOrder());
        }
    }

    private void add(TomlPosition at, String message, String expected) {
        found.add(new Problem(source.file(), at.line(), at.column(), shown(message), shown(expected)));
        if (found.size() > MOST_KEPT) {
            List<Problem> all = inOrder();
            dropped += all.size() - MOST - 1;
            found = new ArrayList<>(all.subList(0, MOST + 1));
        }
    }

    private static String shown(String text) {
        return SafeText.escaped(text, LONGEST_TEXT);
    }

    private List<Problem> inOrder() {
        return found.stream().distinct().sorted(IN_FILE_ORDER).toList();
    }

    private List<Problem> inFileOrder() {
        List<Problem> all = inOrder();
        if (all.size() <= MOST) {
            return all;
        }
        List<Problem> first = new ArrayList<>(all.subList(0, MOST));
        Problem next = all.get(MOST);
        first.add(new Problem(
                source.file(),
                next.line(),
                next.column(),
                (all.size() - MOST + dropped) + " more problems from here",
                ""));
        return first;
    }

    /** The text of the file, which tells what tomlj does not say about places. */
    static final class Source {
        private final String file;
        private final String text;
        private final boolean isFile;

        /** The beginnings of the lines; a String for each would take forty times as much for a file of line feeds. */
        private final int[] starts;

        Source(String file, String text) {
            this(file, text, true);
        }

        private Source(String file, String text, boolean isFile) {
            this.file = file;
            this.text = text;
            this.isFile = isFile;
            this.starts = starts(text);
        }

        private static int[] starts(String text) {
            int[] starts = new int[16];
            int count = 1;
            for (int feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', feed + 1)) {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * count);
                }
                starts[count++] = feed + 1;
            }
            return Arrays.copyOf(starts, count);
        }

        /** A text whose lines nobody sees. */
        static Source ofNoFile(String text) {
            return new Source("", text, false);
        }

        String file() {
            return file;
        }

        String text() {
            return text;
        }

        /** What a message says of a place: its line, if the reader can look it up. */
        String ofLine(TomlPosition at) {
            return isFile ? " of line " + at.line() : "";
        }

        /** {@code FILE:LINE}, for messages of the running program, in whatever folder that is. */
        String place(TomlPosition at) {
            return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1) + ":" + at.line();
        }

        boolean isHeader(int line) {
            return line <= starts.length && line(line).stripLeading().startsWith("[");
        }

        /** The last line before the next header. */
        int endOfTable(int header) {
            int line = header;
            while (line < starts.length && !isHeader(line + 1)) {
                line++;
            }
            return line;
        }

        /** The place of an element; tomlj names the end of the line before if the element stands on a new line. */
        TomlPosition element(TomlPosition given) {
            int line = given.line();
            String rest = from(given);
            while (isBlank(rest) && line < starts.length) {
                rest = line(++line);
            }
            int before = line == given.line() ? given.column() : 1;
            return TomlPosition.positionAt(
                    line, before + rest.length() - rest.stripLeading().length());
        }

        private String line(int number) {
            return text.substring(starts[number - 1], number < starts.length ? starts[number] - 1 : text.length());
        }

        private String from(TomlPosition place) {
            String line = line(place.line());
            int start = Math.min(place.column() - 1, line.codePointCount(0, line.length()));
            return line.substring(line.offsetByCodePoints(0, start));
        }

        private static boolean isBlank(String text) {
            String start = text.stripLeading();
            return start.isEmpty() || start.startsWith("#");
        }
    }
}
