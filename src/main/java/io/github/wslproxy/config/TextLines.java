package io.github.wslproxy.config;

/** Goes through the lines of a TOML text, and knows which of them begin inside a string of several lines. */
final class TextLines {
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

    /** 1 for the first. */
    int number() {
        return number;
    }

    int start() {
        return start;
    }

    /** Behind its last character; line feeds are none. */
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

    /** Returns where to go on. */
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
