package io.github.wslproxy.windows.powershell;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes text as PowerShell reads it. */
final class Literals {
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");

    private Literals() {}

    /**
     * A string literal in ASCII, since what a console cannot show could not be pasted either: {@code 'C:\Program
     * Files'}, {@code 'Pat''s'}, {@code "C:\Users\J$([char]0xf6)rg"}.
     */
    static String text(String text) {
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

    /** A literal for a parameter that takes wildcards and is to match this text alone. */
    static String pattern(String text) {
        return text(text.replaceAll("[\\[\\]*?`]", "`$0"));
    }

    /** A list of literals; words of letters alone stand as they are: {@code LocalSubnet,'203.0.113.0/24'}. */
    static String list(List<String> texts) {
        return texts.stream()
                .map(text -> WORD.matcher(text).matches() ? text : text(text))
                .collect(Collectors.joining(","));
    }
}
