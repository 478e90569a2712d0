package io.github.wslproxy.wsl;

/** Text from outside, made fit for one line of a log or a terminal. */
final class Excerpt {
    private static final int LONGEST = 200;

    private Excerpt() {}

    /** In quotes, cut after 200 characters, with control and invisible characters escaped: a log line stays one line. */
    static String of(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            return "nothing";
        }
        StringBuilder line = new StringBuilder("\"");
        trimmed.codePoints().limit(LONGEST).forEach(character -> append(line, character));
        boolean whole = trimmed.codePointCount(0, trimmed.length()) <= LONGEST;
        return line.append(whole ? "\"" : "...\"").toString();
    }

    private static void append(StringBuilder line, int character) {
        if (character == '\n') {
            line.append("\\n");
        } else if (isInvisible(character)) {
            line.append(String.format("\\u%04x", character));
        } else {
            line.appendCodePoint(character);
        }
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
