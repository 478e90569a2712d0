package io.github.wslproxy.status;

/** What came of an action that a running proxy was asked for. */
public sealed interface ActionAnswer {

    /**
     * It is so now.
     *
     * @param line for a person
     */
    record Done(String line) implements ActionAnswer {}

    /**
     * Nothing has changed.
     *
     * @param line why, and what to do
     */
    record Refused(String line) implements ActionAnswer {}

    /** Nobody listens there. */
    record Nobody() implements ActionAnswer {}

    /**
     * Somebody listens who does not answer as wslproxy does.
     *
     * @param what was seen, as the end of a sentence and without a full stop
     */
    record Unclear(String what) implements ActionAnswer {}
}
