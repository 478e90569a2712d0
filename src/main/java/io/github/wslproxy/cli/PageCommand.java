package io.github.wslproxy.cli;

import io.github.wslproxy.app.Logging;
import io.github.wslproxy.app.StateDirectory;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the URL of the status page with the token, which gives the page its buttons. */
@Command(
        name = "page",
        description =
                "Prints the URL of the status page with the token of this user, which gives the page its buttons: the"
                        + " browser keeps it. Do not pass it on: who has it can share your ports.",
        footer = {"", "Example: wslproxy page --open"})
final class PageCommand extends SubCommand {
    @Option(names = "--open", description = "Open it in the browser, too.")
    private boolean open;

    private final StateDirectory state;
    private final Browser browser;

    /** Picocli calls this. */
    PageCommand() {
        this(StateDirectory.ofThisUser(), Browser.ofThisComputer());
    }

    PageCommand(StateDirectory state, Browser browser) {
        this.state = state;
        this.browser = browser;
    }

    @Override
    public Integer call() throws Exception {
        Logging.errorsOnly(isVerbose());
        String url = StatusAddress.of(this, state).pageWithToken();
        out().println(url);
        out().flush();
        if (open) {
            open(url);
        }
        return ExitCode.OK;
    }

    private void open(String url) throws IOException {
        try {
            browser.open(url, state);
        } catch (IOException e) {
            throw new IOException("no browser could be started: " + e.getMessage() + " (open the URL yourself)", e);
        }
    }
}
