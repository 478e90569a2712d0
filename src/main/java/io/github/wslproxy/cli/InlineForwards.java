package io.github.wslproxy.cli;

import io.github.wslproxy.windows.ImportedForward;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Adds forwards to {@code forward = [ ... ]} in a TOML text that is valid. Such a text may have no {@code [[forward]]}
 * at its end (TOML 1.0, Array of Tables), so they go into the array.
 */
final class InlineForwards {
    private static final String KEY = "forward";

    private final String text;
    private int at;

    /** Just after the last value of the array; blanks and comments follow. */
    private int endOfValues;

    private InlineForwards(String text) {
        this.text = text;
    }

    /** The text with {@code more} at the end of the array; empty if it has no such array. */
    static Optional<String> add(String text, List<ImportedForward> more, String lineEnd) {
        InlineForwards reader = new InlineForwards(text);
        return reader.findArray() ? Optional.of(reader.with(more, lineEnd)) : Optional.empty();
    }

    /** Moves {@link #at} to the bracket that ends the array. It stands before the first table header, if anywhere. */
    private boolean findArray() {
        at = text.startsWith("\ufeff") ? 1 : 0;
        while (skipBlanks() && text.charAt(at) != '[') {
            String key = key();
            skipBlanks();
            boolean found = key.equals(KEY) && text.charAt(at) == '[';
            skipValue(found);
            if (found) {
                return true;
            }
        }
        return false;
    }

    private String key() {
        int start = at;
        while (text.charAt(at) != '=') {
            skipOne();
        }
        String key = text.substring(start, at++).strip();
        boolean quoted = key.length() > 1 && (key.charAt(0) == '"' || key.charAt(0) == '\'');
        return quoted ? key.substring(1, key.length() - 1) : key;
    }

    /** Skips a value to the end of its line, or to the last bracket of the array that is looked for. */
    private void skipValue(boolean toBracket) {
        int depth = 0;
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == '#') {
                skipComment();
                continue;
            }
            depth += next == '[' || next == '{' ? 1 : 0;
            depth -= next == ']' || next == '}' ? 1 : 0;
            if (toBracket && depth == 0) {
                return;
            }
            if (next == '\n' && depth == 0) {
                return;
            }
            skipOne();
            endOfValues = Character.isWhitespace(next) ? endOfValues : at;
        }
    }

    /** Skips white space and comments; false at the end of the text. */
    private boolean skipBlanks() {
        while (at < text.length()) {
            char next = text.charAt(at);
            if (next == '#') {
                skipComment();
            } else if (Character.isWhitespace(next)) {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private void skipComment() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
    }

    /** Skips a whole string, whatever brackets are in it, or else one character. */
    private void skipOne() {
        char quote = text.charAt(at);
        if (quote != '"' && quote != '\'') {
            at++;
            return;
        }
        String thrice = String.valueOf(quote).repeat(3);
        String end = text.startsWith(thrice, at) ? thrice : String.valueOf(quote);
        at += end.length();
        while (!text.startsWith(end, at)) {
            at += quote == '"' && text.charAt(at) == '\\' ? 2 : 1;
        }
        at += end.length();
        // Its last characters may be one or two quotes, before the three that end it.
        while (end.length() == 3 && at < text.length() && text.charAt(at) == quote) {
            at++;
        }
    }

    private String with(List<ImportedForward> more, String lineEnd) {
        char last = text.charAt(endOfValues - 1);
        String before = text.substring(0, endOfValues) + (last == ',' || last == '[' ? "" : ",");
        String blanks = text.substring(endOfValues, at);
        int lastLine = blanks.lastIndexOf('\n') + 1;
        if (lastLine == 0) {
            String added = more.stream().map(ImportedForward::inlineToml).collect(Collectors.joining(", "));
            return before + " " + added + " " + text.substring(at);
        }
        StringBuilder added = new StringBuilder();
        for (ImportedForward forward : more) {
            added.append("  ").append(forward.inlineToml()).append(',');
            added.append(forward.remark().isEmpty() ? "" : " # " + forward.remark())
                    .append(lineEnd);
        }
        return before + blanks.substring(0, lastLine) + added + blanks.substring(lastLine) + text.substring(at);
    }
}
