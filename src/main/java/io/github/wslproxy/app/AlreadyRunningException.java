package io.github.wslproxy.app;

/** Another process runs the same configuration; the message names it. */
public final class AlreadyRunningException extends StartException {
    private static final long serialVersionUID = 1;

    AlreadyRunningException(String message) {
        super(message);
    }
}
