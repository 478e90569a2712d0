package io.github.wslproxy.windows.task;

/** Words as Windows programs find them in their command line (CommandLineToArgvW, and Microsoft's C runtime). */
final class CommandLineText {
    private CommandLineText() {}

    /** In quotes, whether it needs them or not: a backslash counts as such unless a quote follows. */
    static String quoted(String word) {
        StringBuilder line = new StringBuilder("\"");
        int backslashes = 0;
        for (int i = 0; i < word.length(); i++) {
            char character = word.charAt(i);
            if (character == '"') {
                line.append("\\".repeat(backslashes + 1));
            }
            backslashes = character == '\\' ? backslashes + 1 : 0;
            line.append(character);
        }
        return line.append("\\".repeat(backslashes)).append('"').toString();
    }
}
