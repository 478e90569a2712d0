package io.github.wslproxy.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what makes a shell complete the words of this program. */
@Command(
        name = "completion",
        description = "Prints the script by which a shell completes commands and options with Tab.",
        footer = {
            "",
            "Example: wslproxy completion bash > ~/.wslproxy.bash (and source that in ~/.bashrc)",
            "         wslproxy completion zsh > ~/.wslproxy.zsh (and source that in ~/.zshrc)",
            "         wslproxy completion powershell >> $PROFILE"
        })
final class CompletionCommand extends SubCommand {
    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    /** In lower case, as that is what is typed. */
    enum Shell {
        bash,
        zsh,
        powershell
    }

    @Override
    public Integer call() {
        var program = commandLine().getCommandSpec().root().commandLine();
        // The one script of picocli is for both, as zsh can run completions of bash.
        out().print(
                        shell == Shell.powershell
                                ? PowerShellCompletion.of(program)
                                : AutoComplete.bash("wslproxy", program));
        out().flush();
        return ExitCode.OK;
    }
}
