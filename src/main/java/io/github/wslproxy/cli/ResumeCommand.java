package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.StateDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Has the running proxy accept clients for a forward again. */
@Command(
        name = "resume",
        description = "Resumes a forward that was paused: it accepts new connections again.",
        footer = {"", "Example: wslproxy resume vite"})
final class ResumeCommand extends SubCommand {
    @Parameters(paramLabel = "NAME", description = "Of the forward.")
    private String name = "";

    private final StateDirectory state;

    /** Picocli calls this. */
    ResumeCommand() {
        this(StateDirectory.ofThisUser());
    }

    ResumeCommand(StateDirectory state) {
        this.state = state;
    }

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        out().println(PauseCommand.perform(this, state, "resume", name));
        return ExitCode.OK;
    }
}
