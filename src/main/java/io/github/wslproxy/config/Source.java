package io.github.wslproxy.config;

import java.util.Arrays;
import org.tomlj.TomlPosition;

/** The text of the file, for what tomlj does not tell about its places. */
final class Source {
    private final String file;
    private final String text;
    private final boolean isFile;

    /** Where the lines begin: a String each would be forty times as much for a file of line feeds. */
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

    /** Of an element on a new line tomlj names the end of the line before: this is the place of the element itself. */
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
