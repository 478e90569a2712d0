package io.github.wslproxy.status;

/** What came back from a status address. */
public sealed interface StatusAnswer {

    /** A wslproxy runs. */
    record Running(Snapshot snapshot) implements StatusAnswer {}

    /** Nobody listens there. */
    record Nobody() implements StatusAnswer {}

    /**
     * Somebody listens who does not answer as wslproxy does.
     *
     * @param what was seen, as the end of a sentence and without a full stop
     */
    record Unclear(String what) implements StatusAnswer {}
}
