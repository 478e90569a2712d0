package io.github.wslproxy.os;

import java.util.Locale;

/** Text from outside that shall not command the terminal, or be taken for other text than it is. */
public final class TerminalText {
    private TerminalText() {}

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

    /** On one line: what cannot be printed becomes its number, {@code \u001b}. */
    public static String escaped(String text) {
        return escaped(text, Integer.MAX_VALUE);
    }

    /** The same, with three dots for what comes after {@code longest} characters of {@code text}. */
    public static String escaped(String text, int longest) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (i >= longest) {
                return shown.append("...").toString();
            }
            int codePoint = text.codePointAt(i);
            if (isUnprintable(codePoint)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", codePoint));
            } else {
                shown.appendCodePoint(codePoint);
            }
        }
        return shown.toString();
    }
}
