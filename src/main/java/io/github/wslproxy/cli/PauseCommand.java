package io.github.wslproxy.cli;

import com.google.gson.JsonObject;
import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.StateDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Has a forward of the running proxy refuse new connections. */
@Command(
        name = "pause",
        description =
                "Pauses a forward of the running wslproxy: it refuses new connections, until wslproxy resume or the"
                        + " next start. Open TCP connections go on; UDP sessions end.",
        footer = {"", "Example: wslproxy pause vite"})
final class PauseCommand extends SubCommand {
    @Parameters(paramLabel = "NAME", description = "Of the forward.")
    private String name = "";

    private final StateDirectory state;

    /** Picocli calls this. */
    PauseCommand() {
        this(StateDirectory.ofThisUser());
    }

    PauseCommand(StateDirectory state) {
        this.state = state;
    }

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        out().println(perform(this, state, "pause", name));
        return ExitCode.OK;
    }

    /** An action that is about one forward. */
    static String perform(SubCommand command, StateDirectory state, String action, String forward) throws Exception {
        JsonObject body = new JsonObject();
        body.addProperty("forward", forward);
        return StatusAddress.of(command, state).perform(action, body);
    }
}
