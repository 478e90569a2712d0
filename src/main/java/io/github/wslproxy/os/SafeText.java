package io.github.wslproxy.os;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Text from outside that is shown: it must not command the terminal, pass for other text than it is, break a line of a
 * log, or fill a page.
 */
public final class SafeText {
    private static final int LONGEST_VALUE = 80;
    private static final int LONGEST_EXCERPT = 200;

    private SafeText() {}

    /**
     * Whether a terminal would obey it, or a reader not see it: controls and with them escape sequences, line
     * separators, marks that turn the direction of writing or take no room, halves of surrogate pairs, and what is no
     * character.
     */
    public static boolean isUnprintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** One line, in which its number stands for each character that cannot be printed. */
    public static String escaped(String text) {
        return escaped(text, Integer.MAX_VALUE);
    }

    /** {@link #escaped(String)}, with three dots for what comes after {@code longest} characters of {@code text}. */
    public static String escaped(String text, int longest) {
        return escaped(text, longest, "\\u000a");
    }

    /** A value in quotes, cut after 80 characters. */
    public static String quoted(String value) {
        return '"' + escaped(value, LONGEST_VALUE) + '"';
    }

    /** What a program printed, in quotes and cut after 200 characters; {@code nothing} if it is blank. */
    public static String excerpt(String output) {
        String trimmed = output.strip();
        return trimmed.isEmpty() ? "nothing" : '"' + escaped(trimmed, LONGEST_EXCERPT, "\\n") + '"';
    }

    /** A command, cut after 200 characters; each word that holds a blank is in quotes of its own. */
    public static String command(List<String> words) {
        String line = words.stream()
                .map(word -> word.isEmpty() || word.contains(" ") ? "'" + word + "'" : word)
                .collect(Collectors.joining(" "));
        return escaped(line, LONGEST_EXCERPT, "\\n");
    }

    private static String escaped(String text, int longest, String lineFeed) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (i >= longest) {
                return shown.append("...").toString();
            }
            int codePoint = text.codePointAt(i);
            if (codePoint == '\n') {
                shown.append(lineFeed);
            } else if (isUnprintable(codePoint)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", codePoint));
            } else {
                shown.appendCodePoint(codePoint);
            }
        }
        return shown.toString();
    }

    /** One line of printable ASCII, for a plain console and TOML comments; it marks what is cut off or not shown. */
    public static String ascii(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(LONGEST_EXCERPT).forEach(character -> {
            if (character >= ' ' && character <= '~') {
                shown.appendCodePoint(character);
            } else {
                shown.append(character == '\t' ? ' ' : '?');
            }
        });
        return text.codePointCount(0, text.length()) <= LONGEST_EXCERPT ? shown.toString() : shown + "...";
    }
}
