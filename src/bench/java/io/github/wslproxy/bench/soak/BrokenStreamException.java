package io.github.wslproxy.bench.soak;

import java.io.IOException;

/** Something arrived that was not sent, or an end that was not meant: what no reset and no loss excuses. */
class BrokenStreamException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenStreamException(String what) {
        super(what);
    }
}
