package io.github.wslproxy.status;

/**
 * What came of an action that a running proxy was asked for, from the relay to the page and to the command.
 *
 * @param done whether it is so now; if not, nothing has changed
 * @param line for a person: what is so now, or why not and what to do
 */
public record ActionResult(boolean done, String line) implements StatusAnswer {

    public static ActionResult done(String line) {
        return new ActionResult(true, line);
    }

    public static ActionResult refused(String line) {
        return new ActionResult(false, line);
    }
}
