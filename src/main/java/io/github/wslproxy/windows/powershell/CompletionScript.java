package io.github.wslproxy.windows.powershell;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The script for Register-ArgumentCompleter, which Windows PowerShell 5.1 and PowerShell 7 have. */
public final class CompletionScript {
    /** Makes the folder of the profile, which Windows does not make by itself. */
    public static final String MAKE_FOLDER = "New-Item -ItemType Directory -Force (Split-Path $PROFILE)";

    /**
     * Puts the script of this program into the profile. In Windows PowerShell {@code >>} writes UTF-16, whatever the
     * file has (about_Character_Encoding).
     */
    public static final String ADD = "wslproxy completion powershell | Add-Content $PROFILE";

    /** Has Windows run the profile. Until then PowerShell runs no script of a file on a Windows that is no server. */
    public static final String ALLOW = "Set-ExecutionPolicy RemoteSigned -Scope CurrentUser";

    /** Its table has the words that may follow a command; those that may follow none are under the empty name. */
    private static final String SCRIPT = """
            Register-ArgumentCompleter -Native -CommandName wslproxy, wslproxy.cmd, wslproxy.exe -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $words = @{
            %s
                }
                $command = ''
                foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
                    $text = $element.ToString()
                    if ($text -ne $wordToComplete -and $text -ne '' -and $words.ContainsKey($text)) {
                        $command = $text
                        break
                    }
                }
                $words[$command] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """;

    private CompletionScript() {}

    /**
     * The script, which ends with a line end.
     *
     * @param words what may follow each command, in the order of the map; under the empty name what may follow none.
     *     Names that differ in upper and lower case only are one name to PowerShell, which refuses it twice
     */
    public static String of(Map<String, List<String>> words) {
        return SCRIPT.formatted(words.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n")));
    }

    private static String row(String command, List<String> words) {
        return words.stream()
                .map(Literals::text)
                .collect(Collectors.joining(", ", "        " + Literals.text(command) + " = ", ""));
    }
}
