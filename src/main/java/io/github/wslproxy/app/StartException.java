package io.github.wslproxy.app;

/** The proxy could not start; the message is one line for a person, and nothing was left running. */
public sealed class StartException extends Exception permits AlreadyRunningException {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}
