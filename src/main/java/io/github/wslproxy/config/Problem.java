package io.github.wslproxy.config;

/**
 * One thing that is wrong with the file.
 *
 * @param file the file as its user named it
 * @param line 1 for the first
 * @param column 1 for the first character of the line
 * @param message what is wrong, on one line; control characters of the file are escaped
 * @param expected what would have been right; may be empty
 */
public record Problem(String file, int line, int column, String message, String expected) {

    /** {@code FILE:LINE:COL: message (expected ...)}, as {@code check} prints it. */
    @Override
    public String toString() {
        String place = file + ":" + line + ":" + column + ": " + message;
        return expected.isEmpty() ? place : place + " (expected " + expected + ")";
    }
}
