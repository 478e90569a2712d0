package io.github.wslproxy.config;

import java.util.List;
import org.tomlj.TomlPosition;

/** The text of the file, for what tomlj does not tell about its places. */
record Source(String file, List<String> lines) {

    Source(String file, String text) {
        this(file, List.of(text.split("\n", -1)));
    }

    /** {@code FILE:LINE}, for messages of the running program, in whatever folder that is. */
    String place(TomlPosition at) {
        return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1) + ":" + at.line();
    }

    boolean isHeader(int line) {
        return line <= lines.size() && lines.get(line - 1).stripLeading().startsWith("[");
    }

    /** The last line before the next header. */
    int endOfTable(int header) {
        int line = header;
        while (line < lines.size() && !isHeader(line + 1)) {
            line++;
        }
        return line;
    }

    /** Of an element on a new line tomlj names the end of the line before: this is the place of the element itself. */
    TomlPosition element(TomlPosition given) {
        int line = given.line();
        String rest = from(given);
        while (isBlank(rest) && line < lines.size()) {
            rest = lines.get(line++);
        }
        int before = line == given.line() ? given.column() : 1;
        return TomlPosition.positionAt(
                line, before + rest.length() - rest.stripLeading().length());
    }

    private String from(TomlPosition place) {
        String line = lines.get(place.line() - 1);
        int start = Math.min(place.column() - 1, line.codePointCount(0, line.length()));
        return line.substring(line.offsetByCodePoints(0, start));
    }

    private static boolean isBlank(String text) {
        String start = text.stripLeading();
        return start.isEmpty() || start.startsWith("#");
    }
}
