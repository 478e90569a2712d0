package io.github.wslproxy.relay.tcp;

import java.net.ConnectException;

/** A connect was accepted by wslproxy itself. */
final class ComesBackException extends ConnectException {
    private static final long serialVersionUID = 1;

    ComesBackException() {
        super("wslproxy itself listens there");
    }
}
