package io.github.wslproxy.os;

/** This user has no folder of its own that is known. The message names the variable to set. */
public final class NoHomeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NoHomeException(String message) {
        super(message);
    }
}
