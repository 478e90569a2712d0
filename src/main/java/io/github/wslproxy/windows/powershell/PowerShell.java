package io.github.wslproxy.windows.powershell;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.CommandRunner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Runs Windows PowerShell 5.1, which every Windows 10 and 11 has. */
public final class PowerShell {
    /** What CreateProcess takes (win32, "Command line", 32,767 characters with the program). */
    private static final int LONGEST = 32_000;

    private static final List<String> OPTIONS = List.of("-NoProfile", "-NonInteractive", "-OutputFormat", "Text");

    private final CommandRunner runner;
    private final String program;

    /** @param systemRoot the folder of Windows: {@code C:\Windows} */
    public PowerShell(CommandRunner runner, String systemRoot) {
        this.runner = runner;
        this.program = program(systemRoot);
    }

    static String program(String systemRoot) {
        return systemRoot + "\\System32\\WindowsPowerShell\\v1.0\\powershell.exe";
    }

    /** What the script printed if it ended with status 0; empty otherwise. Blocks. */
    public Optional<String> ask(String script, Duration timeout) {
        return run("-EncodedCommand", encoded(script), timeout).answer();
    }

    /**
     * Runs the script as administrator, for which Windows asks the user, and blocks until it has ended. What an
     * elevated program prints cannot be read, and a file that it wrote to a place named by an unelevated one could be
     * led astray: its exit status is all that comes back.
     *
     * @return {@code ended STATUS} of the script, or {@code refused CODE} of Windows if it did not start; empty if not
     *     known
     */
    public Optional<String> askElevated(String script, Duration timeout) {
        CommandResult result = run("-Command", launcher(script), timeout);
        return result instanceof CommandResult.Ended ended
                ? Optional.of(ended.output().strip())
                : Optional.empty();
    }

    /** Whether the script is short enough for {@link #askElevated}. */
    public boolean takesElevated(String script) {
        return launcher(script).length() <= LONGEST;
    }

    private CommandResult run(String option, String text, Duration timeout) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(OPTIONS);
        command.addAll(List.of(option, text));
        return runner.run(command, timeout);
    }

    private String launcher(String script) {
        return Scripts.startingElevated(program, String.join(" ", OPTIONS) + " -EncodedCommand " + encoded(script));
    }

    /** The result needs no quoting, whatever is in the script. */
    private static String encoded(String script) {
        return Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_16LE));
    }
}
