package io.github.wslproxy.status;

/** What came back from a status address: a status, the result of an action, or neither. */
public sealed interface StatusAnswer
        permits StatusAnswer.Running, ActionResult, StatusAnswer.Nobody, StatusAnswer.Unclear {

    /**
     * A wslproxy runs.
     *
     * @param document what it sent, as JSON; may hold what a terminal would obey, since whoever took the port sent it
     */
    record Running(Snapshot snapshot, String document) implements StatusAnswer {}

    /** Nobody listens there. */
    record Nobody() implements StatusAnswer {}

    /**
     * Somebody listens who does not answer as wslproxy does.
     *
     * @param what was seen, as the end of a sentence and without a full stop
     */
    record Unclear(String what) implements StatusAnswer {}
}
