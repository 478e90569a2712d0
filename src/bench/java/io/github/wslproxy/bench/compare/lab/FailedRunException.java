package io.github.wslproxy.bench.compare.lab;

import java.io.IOException;

/** A program erred, so there is no result. The message is one line and names the program. */
public final class FailedRunException extends IOException {
    private static final long serialVersionUID = 1L;

    public FailedRunException(String message) {
        super(message);
    }
}
