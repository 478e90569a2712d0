package io.github.wslproxy.windows;

/** Text from outside as it may stand in a TOML comment and on a plain console: ASCII, on one line, and not endless. */
public final class Printable {
    private static final int LONGEST = 200;

    private Printable() {}

    /** One line of printable ASCII; what is cut off or cannot be shown is marked. */
    public static String ascii(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(character -> {
            if (character >= ' ' && character <= '~') {
                shown.appendCodePoint(character);
            } else if (character == '\t') {
                shown.append(' ');
            } else {
                shown.append('?');
            }
        });
        return text.codePointCount(0, text.length()) <= LONGEST ? shown.toString() : shown + "...";
    }
}
