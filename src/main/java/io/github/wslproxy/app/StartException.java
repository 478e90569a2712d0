package io.github.wslproxy.app;

/** The proxy could not start; the message is one line for a person, and nothing was left running. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    StartException(String message) {
        super(message);
    }
}
