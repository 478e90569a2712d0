package io.github.wslproxy.windows.firewall;

/** Text as PowerShell reads it back, in ASCII: what a console cannot show could not be pasted either. */
final class PowerShellText {
    private PowerShellText() {}

    /** A string literal: {@code 'C:\Program Files'}, {@code 'Pat''s'}, {@code "C:\Users\J$([char]0xf6)rg"}. */
    static String quoted(String text) {
        boolean plain = text.chars().allMatch(character -> character >= ' ' && character <= '~');
        if (plain) {
            return "'" + text.replace("'", "''") + "'";
        }
        StringBuilder literal = new StringBuilder("\"");
        text.chars().forEach(character -> append(literal, (char) character));
        return literal.append('"').toString();
    }

    private static void append(StringBuilder literal, char character) {
        if (character == '"' || character == '$' || character == '`') {
            literal.append('`').append(character);
        } else if (character >= ' ' && character <= '~') {
            literal.append(character);
        } else {
            literal.append(String.format("$([char]0x%02x)", (int) character));
        }
    }

    /** The same for a parameter that takes wildcards and is to match this text alone. */
    static String quotedPattern(String text) {
        return quoted(text.replaceAll("[\\[\\]*?`]", "`$0"));
    }
}
