package io.github.wslproxy.windows.powershell;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The scripts that the program itself runs, by {@link PowerShell}. */
public final class Scripts {
    /**
     * The exit status of {@link #running} if the first command fails, the next number if the second does. PowerShell
     * uses lower ones.
     */
    public static final int FIRST_COMMAND = 10;

    /** A script that runs as administrator must not load a module from a folder of the user. */
    private static final String MODULES_OF_WINDOWS = "$env:PSModulePath = \"$PSHOME\\Modules\"\n";

    private Scripts() {}

    /** Prints what the firewall is set to; {@code state.ps1} itself says in which form. */
    public static String firewallState() {
        try (InputStream script = Objects.requireNonNull(Scripts.class.getResourceAsStream("state.ps1"))) {
            return new String(script.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs the commands in order, up to the first that fails; the exit status is 0, or says which one that was. */
    public static String running(List<String> commands) {
        StringBuilder script = new StringBuilder(
                MODULES_OF_WINDOWS + "$ErrorActionPreference = 'Stop'\n$ProgressPreference = 'SilentlyContinue'\n"
                        + "$status = " + FIRST_COMMAND + "\ntry {\n");
        commands.forEach(command -> script.append(command).append("\n$status++\n"));
        return script.append("exit 0\n} catch { exit $status }\n").toString();
    }

    /**
     * Starts a program as administrator, waits for its end, and prints {@code ended STATUS}, or {@code refused CODE} if
     * Windows does not start it. The script uses the process class: its exception carries the code of Windows, which
     * Start-Process turns into a sentence in the language of the computer. It has no double quotes, since Java would
     * not escape them.
     *
     * @param program its path
     * @param arguments its command line without the program, in ASCII and without quotes
     */
    static String startingElevated(String program, String arguments) {
        return "$env:PSModulePath = $PSHOME + '\\Modules'; $start = New-Object Diagnostics.ProcessStartInfo "
                + Literals.text(program)
                + "; $start.Arguments = " + Literals.text(arguments)
                + "; $start.Verb = 'runas'; $start.UseShellExecute = $true; $start.WindowStyle = 'Hidden'"
                + "; try { $shell = [Diagnostics.Process]::Start($start); $shell.WaitForExit();"
                + " 'ended ' + $shell.ExitCode }"
                + " catch { 'refused ' + $_.Exception.GetBaseException().NativeErrorCode }";
    }
}
