package io.github.wslproxy.bench.soak;

/** A clean end came before the last byte, as if that were all; from a killed peer it may. */
final class EarlyEndException extends BrokenStreamException {
    private static final long serialVersionUID = 1;

    EarlyEndException(long received, long expected) {
        super("a clean end after " + received + " of " + expected + " bytes");
    }
}
