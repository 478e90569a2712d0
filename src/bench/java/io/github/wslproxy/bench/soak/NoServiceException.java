package io.github.wslproxy.bench.soak;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A client was not served at all: right while the VM is stopped, wrong at any other time. */
final class NoServiceException extends IOException {
    private static final long serialVersionUID = 1;

    NoServiceException(InetSocketAddress forward, IOException cause) {
        super("not served at " + forward + ": " + cause, cause);
    }
}
