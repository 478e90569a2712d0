package io.github.wslproxy.cli;

import io.github.wslproxy.windows.powershell.CompletionScript;
import java.util.Arrays;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Prints the script by which a shell completes commands and options. */
@Command(
        name = "completion",
        description = "Prints the script by which a shell completes commands and options with Tab.",
        footer = {
            "",
            "Example: wslproxy completion bash > ~/.wslproxy.bash",
            "         (then put into ~/.bashrc: source ~/.wslproxy.bash)",
            "         wslproxy completion zsh > ~/.wslproxy.zsh",
            "         (then put into ~/.zshrc: source ~/.wslproxy.zsh)",
            "         " + CompletionScript.MAKE_FOLDER,
            "         " + CompletionScript.ADD,
            "         (if Windows refuses to run the profile:",
            "         " + CompletionScript.ALLOW + ")"
        })
final class CompletionCommand extends SubCommand {
    @Parameters(
            paramLabel = "SHELL",
            converter = ShellConverter.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    /** The constants are words that people type, hence in lower case. */
    enum Shell {
        bash,
        zsh,
        powershell
    }

    static final class ShellConverter implements ITypeConverter<Shell> {
        @Override
        public Shell convert(String text) {
            return Arrays.stream(Shell.values())
                    .filter(shell -> shell.name().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "\"" + text + "\" is not a shell known here (expected bash, zsh or powershell)"));
        }
    }

    @Override
    public Integer call() {
        var program = commandLine().getCommandSpec().root().commandLine();
        // zsh runs the completions of bash, so picocli's script is for both.
        out().print(
                        shell == Shell.powershell
                                ? PowerShellCompletion.of(program)
                                : AutoComplete.bash("wslproxy", program));
        out().flush();
        return ExitCode.OK;
    }
}
