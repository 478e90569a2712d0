package io.github.wslproxy.cli;

import java.io.IOException;

/** There is nothing to ask; the message is a whole sentence and says how to start it. */
final class NotRunningException extends IOException {
    private static final long serialVersionUID = 1;

    NotRunningException(String message) {
        super(message);
    }
}
