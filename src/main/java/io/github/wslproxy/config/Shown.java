package io.github.wslproxy.config;

import java.util.Locale;

/** Text of the file as it may appear in a message: on one line, harmless to a terminal, and not endless. */
final class Shown {
    private static final int LONGEST_VALUE = 80;
    private static final int LONGEST_MESSAGE = 500;

    private Shown() {}

    static String quoted(String text) {
        return '"' + escaped(text, LONGEST_VALUE) + '"';
    }

    static String message(String text) {
        return escaped(text, LONGEST_MESSAGE);
    }

    /** True for what must not reach a terminal as it is: controls, line separators, marks that turn the direction. */
    static boolean isUnprintable(int codePoint) {
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

    private static String escaped(String text, int longest) {
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
