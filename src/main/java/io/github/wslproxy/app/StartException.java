package io.github.wslproxy.app;

/** The proxy could not start; the message is one line for a person, and nothing was left running. */
public sealed class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }

    /** Another process runs the same configuration; the message names it. */
    public static final class AlreadyRunning extends StartException {
        private static final long serialVersionUID = 1;

        AlreadyRunning(String message) {
            super(message);
        }
    }
}
