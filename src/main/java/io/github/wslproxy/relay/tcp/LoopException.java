package io.github.wslproxy.relay.tcp;

import java.net.ConnectException;

/** A connect was accepted by wslproxy itself. */
final class LoopException extends ConnectException {
    private static final long serialVersionUID = 1;

    LoopException() {
        super("wslproxy itself listens there");
    }
}
