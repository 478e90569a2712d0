package io.github.wslproxy.wsl;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.Excerpt;
import java.util.List;

/**
 * One thing a probe did.
 *
 * @param what the command that was run, or what was looked at
 * @param answer what came back, shortened and with control characters escaped; empty if nothing was run
 * @param conclusion what follows from it
 */
public record ProbeStep(String what, String answer, String conclusion) {

    static ProbeStep ran(List<String> command, CommandResult result, String conclusion) {
        String answer = result.summary() + ", " + result.took().toMillis() + " ms";
        return new ProbeStep(Excerpt.ofCommand(command), answer, conclusion);
    }

    static ProbeStep noted(String what, String conclusion) {
        return new ProbeStep(what, "", conclusion);
    }

    /** For a terminal: the command, and indented what it said and what that means. */
    public List<String> lines() {
        if (answer.isEmpty()) {
            return List.of(what + ": " + conclusion);
        }
        return List.of("ran " + what, "  got " + answer, "  so  " + conclusion);
    }
}
