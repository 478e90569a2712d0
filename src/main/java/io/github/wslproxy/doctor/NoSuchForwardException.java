package io.github.wslproxy.doctor;

import java.util.List;

/** The configuration has no forward of the name that was asked for. */
public final class NoSuchForwardException extends Exception {
    private static final long serialVersionUID = 1L;

    NoSuchForwardException(String name, List<String> names) {
        super("no forward is called \"" + name + "\" (expected one of: " + String.join(", ", names) + ")");
    }

    private NoSuchForwardException(String message) {
        super(message);
    }

    static NoSuchForwardException switchedOff(String name) {
        return new NoSuchForwardException(
                "\"" + name + "\" is switched off by enabled = false, so nothing listens for it");
    }
}
