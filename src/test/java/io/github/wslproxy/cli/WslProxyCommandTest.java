package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.windows.powershell.GoldenFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is made of the commands: the manual, the completion of shells; and which start needs no commands. */
@Timeout(60)
class WslProxyCommandTest {
    @TempDir
    Path folder;

    private static CommandLine program() {
        return Commands.line(new WslProxyCommand(), CommandLine.defaultFactory());
    }

    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine line = program().setOut(new PrintWriter(out, true));
        assertThat(line.execute(arguments)).isZero();
        return out.toString();
    }

    // ---- manual

    @Test
    void theManualHasEachCommandWithItsOptionsAndAnExample() {
        String manual = run("help", "--all");

        program().getSubcommands().forEach((name, command) -> {
            int start = manual.indexOf("==== wslproxy " + name + System.lineSeparator());
            assertThat(start).as(name).isNotNegative();
            int end = manual.indexOf("==== ", start + 1);
            String section = manual.substring(start, end < 0 ? manual.length() : end);
            assertThat(section).contains("Example: wslproxy " + name);
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(section).contains(option.names());
            }
        });
        for (OptionSpec option : program().getCommandSpec().options()) {
            assertThat(manual.substring(0, manual.indexOf("==== wslproxy init")))
                    .contains(option.names());
        }
        assertThat(manual).matches("[\\n\\r -~]*");
    }

    @Test
    void helpOfACommandIsWhatItsOptionPrints() {
        program().getSubcommands().keySet().forEach(name -> assertThat(run("help", name))
                .isEqualTo(run(name, "--help"))
                .contains("Usage: wslproxy " + name));
        assertThat(run("help")).isEqualTo(run("--help"));
    }

    @Test
    void helpOfNoCommandIsWrongUsage() {
        StringWriter err = new StringWriter();

        assertThat(program().setErr(new PrintWriter(err, true)).execute("help", "shar"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is no command \"shar\"");
    }

    /** A path that is broken in the middle cannot be copied. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "%APPDATA%\\wslproxy\\proxy.toml",
                "~/.config/wslproxy/proxy.toml",
                "%LOCALAPPDATA%\\wslproxy\\logs\\wslproxy.log",
                "~/.local/state/wslproxy/wslproxy.log",
                "source ~/.wslproxy.bash",
                "http://127.0.0.1:9797/"
            })
    void noPathIsBrokenInTheManual(String path) {
        assertThat(run("help", "--all")).contains(path);
    }

    @Test
    void theHelpBeginsWithHowToBeginAndTellsTheExitStatuses() {
        String help = run("--help");

        assertThat(help.indexOf("To begin:")).isLessThan(help.indexOf("Usage:"));
        assertThat(help)
                .containsSubsequence("wslproxy init", "wslproxy check", "wslproxy page", "Commands", "init", "check")
                .containsPattern("Exit status:\\R +0 +done")
                .containsPattern("2 +wrong usage");
        assertThat(help.lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void theConfigurationIsNoOptionOfWhatReadsNone() {
        assertThat(run("demo", "--help")).doesNotContain("--config");
        assertThat(run("check", "--help")).contains("-c, --config=FILE");
    }

    // ---- wrong usage

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chek | there is no command \"chek\"; did you mean \"check\"?",
                "run | there is no command \"run\"; wslproxy without a command runs it",
                "xyzzy --help | there is no command \"xyzzy\"",
                "--frobnicate | wslproxy has no option --frobnicate",
                "--confg x | wslproxy has no option --confg; did you mean \"--config\"?",
                "logs --folow | wslproxy logs has no option --folow; did you mean \"--follow\"?",
                "check proxy.toml | check takes no file name here; did you mean: wslproxy check --config proxy.toml",
                "check x --help | wslproxy check takes no word such as \"x\"",
                "doctor a b | wslproxy doctor takes one NAME, and \"b\" is one too many",
                "pause | wslproxy pause needs NAME",
                "check --config | --config needs a value: FILE",
                "check -c a --config b | --config is given twice",
                "--config a check --config b | --config is given twice",
                "status --json=1 | --json takes no value",
                "logs -n abc | --lines: \"abc\" is not a whole number",
                "share vite | PORT: \"vite\" is not a whole number",
                "share 1 --for soon | --for: \"soon\" is not a duration",
                "completion fish | SHELL: \"fish\" is not a shell known here (expected bash, zsh or powershell)",
                "--background check | --background is for wslproxy without a command, not for check",
                "--config a demo | demo reads no configuration",
                "demo --config a | wslproxy demo has no option --config",
                "firewall --yes | --yes goes with --apply",
                "status --watch --json | --json cannot be combined with --watch",
                "doctor --for 3s | --for goes with --from-phone",
                "help shar | there is no command \"shar\"; did you mean \"share\"?",
                "@x | there is no command \"@x\"",
            })
    void wrongUsageIsOneLineInWordsOfThisProgram(String typed, String expected) {
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter();
        CommandLine line = program().setErr(new PrintWriter(err, true)).setOut(new PrintWriter(out, true));

        assertThat(line.execute(typed.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("wslproxy: " + expected);
        assertThat(err.toString()).doesNotContainPattern("index|Unmatched|Unknown|parameter|is not an? int|class");
        assertThat(out.toString()).isEmpty();
    }

    // ---- completion

    @ParameterizedTest
    @CsvSource({
        "sta, start status",
        "share --f, --for",
        "status --, --config --help --json --verbose --version --watch",
        "completion z, zsh",
        "--con, --config",
        "xyz, ''"
    })
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "runs bash")
    void bashCompletesCommandsAndOptions(String typed, String completed) throws Exception {
        Path script = Files.writeString(folder.resolve("completion"), run("completion", "bash"));
        String words = "wslproxy " + typed;
        int last = words.split(" ").length - 1;

        Process bash = new ProcessBuilder(
                        "bash",
                        "--norc",
                        "-c",
                        // Only a shell that completes knows compopt.
                        "set -e; source '" + script
                                + "'; complete -p wslproxy >&2; compopt() { :; }; COMP_WORDS=(" + words
                                + "); COMP_CWORD=" + last
                                + "; _complete_wslproxy || true; printf '%s\\n' \"${COMPREPLY[@]}\" | sort -u")
                .redirectError(folder.resolve("err").toFile())
                .start();

        List<String> replies = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(reply -> reply.length() > 2 || reply.equals("--"))
                .toList();
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String errors = Files.readString(folder.resolve("err"));
        assertThat(errors).contains("-F _complete_wslproxy").hasLineCount(1);
        assertThat(replies).containsExactlyInAnyOrder(completed.isEmpty() ? new String[0] : completed.split(" "));
    }

    @Test
    void zshIsGivenTheScriptThatBashHasToo() {
        assertThat(run("completion", "zsh"))
                .isEqualTo(run("completion", "bash"))
                .contains("bashcompinit");
    }

    @Test
    void thePowerShellScriptHasTheWordsOfEachCommand() throws Exception {
        String script = run("completion", "powershell");

        assertThat(script).contains("Register-ArgumentCompleter -Native -CommandName wslproxy");
        program().getSubcommands().forEach((name, command) -> assertThat(script.lines())
                .filteredOn(line -> line.strip().startsWith("'" + name + "' = "))
                .singleElement()
                .asString()
                .contains(command.getCommandSpec().options().stream()
                        .map(option -> "'" + option.longestName() + "'")
                        .toList()));
        assertThat(script).contains("'completion' = 'bash', 'zsh', 'powershell', '--");
        assertThat(script).isEqualToNormalizingNewlines(GoldenFiles.text("completion.ps1"));
    }

    // ---- the start without commands

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--config check",
                "-c check",
                "--config=check",
                "--verbose",
                "--background --config a --verbose",
                "--verbose"
            })
    void aRunNeedsNoCommands(String line) {
        assertThat(Commands.isPlainRun(words(line))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check",
                "--config",
                "--config a check",
                "-c",
                "--help",
                "--version",
                "@file",
                "--",
                "--confi a",
                "-h",
                "frobnicate"
            })
    void whateverElseIsTypedGetsThemAll(String line) {
        assertThat(Commands.isPlainRun(words(line))).isFalse();
    }

    private static String[] words(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ");
    }
}
