package io.github.wslproxy.os;

import java.util.List;
import java.util.stream.Collectors;

/** Text from outside, made fit for one line of a log or a terminal. */
public final class Excerpt {
    private static final int LONGEST = 200;

    private Excerpt() {}

    /**
     * In quotes, cut after 200 characters, with control and invisible characters escaped: a log line stays one line.
     */
    public static String of(String text) {
        String trimmed = text.strip();
        return trimmed.isEmpty() ? "nothing" : "\"" + escaped(trimmed) + "\"";
    }

    /** The same of a command, each word that holds a blank in quotes of its own. */
    public static String ofCommand(List<String> words) {
        return escaped(words.stream()
                .map(word -> word.isEmpty() || word.contains(" ") ? "'" + word + "'" : word)
                .collect(Collectors.joining(" ")));
    }

    private static String escaped(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(character -> append(line, character));
        return text.codePointCount(0, text.length()) <= LONGEST ? line.toString() : line + "...";
    }

    private static void append(StringBuilder line, int character) {
        if (character == '\n') {
            line.append("\\n");
        } else if (TerminalText.isUnprintable(character)) {
            line.append(String.format("\\u%04x", character));
        } else {
            line.appendCodePoint(character);
        }
    }
}
