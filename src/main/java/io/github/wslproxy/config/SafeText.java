package io.github.wslproxy.config;

import io.github.wslproxy.os.TerminalText;

/** Text of the file as it may appear in a message: on one line, harmless to a terminal, and not endless. */
final class SafeText {
    private static final int LONGEST_VALUE = 80;
    private static final int LONGEST_MESSAGE = 500;

    private SafeText() {}

    static String quoted(String text) {
        return '"' + TerminalText.escaped(text, LONGEST_VALUE) + '"';
    }

    static String message(String text) {
        return TerminalText.escaped(text, LONGEST_MESSAGE);
    }
}
