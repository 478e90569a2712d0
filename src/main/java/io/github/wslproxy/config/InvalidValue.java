package io.github.wslproxy.config;

/**
 * A value that cannot be used. Says what is wrong and what was expected; the {@link TomlTableReader} knows whose and
 * where.
 */
final class InvalidValue extends Exception {
    private static final long serialVersionUID = 1L;

    private final String expected;

    /** @param complaint continues a sentence that begins with the key: {@code "port 0"}, {@code "is an array"} */
    InvalidValue(String complaint, String expected) {
        // What a user typed is no fault of the program: nobody reads a trace of it.
        super(complaint, null, false, false);
        this.expected = expected;
    }

    String complaint() {
        return String.valueOf(getMessage());
    }

    String expected() {
        return expected;
    }
}
