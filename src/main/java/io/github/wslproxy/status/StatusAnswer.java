package io.github.wslproxy.status;

/** What came back from a status address: a status, the result of an action, or neither. */
public sealed interface StatusAnswer {

    /**
     * A wslproxy runs.
     *
     * @param document what it sent, as JSON; may hold what a terminal would obey, since whoever took the port sent it
     */
    record Running(Snapshot snapshot, String document) implements StatusAnswer {}

    /**
     * What came of an action, from the relay to the page and to the command.
     *
     * @param done whether it is so now; if not, nothing has changed
     * @param line for a person: what is so now, or why not and what to do
     */
    record ActionResult(boolean done, String line) implements StatusAnswer {

        public static ActionResult done(String line) {
            return new ActionResult(true, line);
        }

        public static ActionResult refused(String line) {
            return new ActionResult(false, line);
        }
    }

    /** Nobody listens there. */
    record Nobody() implements StatusAnswer {}

    /**
     * Somebody listens who does not answer as wslproxy does.
     *
     * @param what was seen, as the end of a sentence and without a full stop
     */
    record Unclear(String what) implements StatusAnswer {}
}
