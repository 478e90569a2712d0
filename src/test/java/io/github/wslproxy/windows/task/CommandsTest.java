package io.github.wslproxy.windows.task;

import io.github.wslproxy.windows.SystemTools;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.testing.FakeRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that are printed and run, and what their answers mean. */
class CommandsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/task/commands.txt");
    private static final Path GOLDEN_OPTIONS = Path.of("src/test/resources/task/logon.options");

    @TempDir
    Path folder;

    private final FakeTaskTools windows = new FakeTaskTools();

    @Test
    void areTheOnesThatAreKnownToBeGood() throws Exception {
        LogonTask task = new LogonTask(windows.tools(), Samples.TASK);
        List<String> lines = new ArrayList<>(List.of(
                task.registration("C:\\Users\\Jörg Müller\\AppData\\Local\\Temp\\wslproxy-task1.xml"),
                task.runCommand(),
                RunKey.setting(Samples.LAUNCH, Samples.OPTIONS)));
        task.state();
        task.isUnlisted();
        task.disable();
        task.enable();
        task.end();
        task.delete();
        windows.runKey().isSet();
        windows.runKey().delete();
        Account.of(windows.tools(), Map.of(), 4711);
        lines.addAll(windows.ran());

        assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN, UTF_8));
    }

    @Test
    void theOptionsOfTheRunKeyAreTheOnesThatAreKnownToBeGood() throws Exception {
        assertThat(Samples.LAUNCH.optionFile().lines())
                .containsExactlyElementsOf(Files.readAllLines(GOLDEN_OPTIONS, UTF_8));
    }

    /** The launcher of this very Java reads them, with a main class that tells its arguments. */
    @Test
    void javaFindsItsArgumentsInTheOptionFile() throws Exception {
        Path source = Files.writeString(
                folder.resolve("Main.java"),
                "public class Main { public static void main(String[] a) { System.out.print(String.join(\"|\", a)); } }");
        Path options = Files.writeString(
                folder.resolve("my options"),
                Samples.LAUNCH
                        .optionFile()
                        .replaceFirst("(?s)-cp.*wslproxy\\.Main", Matcher.quoteReplacement("\"" + source + "\"")),
                Launch.optionFileCharset());

        CommandResult result = new ProcessRunner(Optional.empty(), 10_000)
                .run(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "@" + options),
                        Duration.ofMinutes(1));

        assertThat(result).isInstanceOfSatisfying(CommandResult.Ended.class, ended -> assertThat(ended.output())
                .as(result.summary())
                .isEqualTo("--config|" + Samples.LAUNCH.config() + "|--background"));
    }

    /** All users share the folder of tasks, where a task is a file too. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice|wslproxy-alice",
                "Jörg Müller|wslproxy-Jörg Müller",
                "ada.l@example.org|wslproxy-ada.l@example.org",
                "a%TEMP%$(Arg0)&'b|wslproxy-a_TEMP___Arg0___b",
                "PC\\x:y*z?|wslproxy-PC_x_y_z_",
                "dot.|wslproxy-dot_",
            })
    void theTaskIsNamedAfterItsUser(String user, String name) {
        assertThat(LogonTask.name(Map.of("USERNAME", user))).isEqualTo(name);
    }

    @Test
    void aPathThatWindowsWouldTakeForAVariableIsNamed() {
        assertThat(Samples.LAUNCH.pathWithVariable()).isEmpty();
        assertThat(new Launch("C:\\%TEMP%", "C:\\javaw.exe", "C:\\c.toml").pathWithVariable())
                .contains("C:\\%TEMP%");
        assertThat(new Launch("C:\\p", "C:\\javaw.exe", "C:\\$(Arg0).toml").pathWithVariable())
                .contains("C:\\$(Arg0).toml");
    }

    @Test
    void registeringGivesTheTaskSchedulerAFileAndRemovesIt() throws Exception {
        List<String> seen = new ArrayList<>();
        FakeRunner runner = new FakeRunner();
        runner.alwaysThen(command -> {
            Path file = Path.of(command.get(5).replace("\"", ""));
            seen.add(file.toString());
            assertThat(file).exists();
            return FakeRunner.ended(0, "");
        });

        new LogonTask(
                        new SystemTools(runner, tool -> "C:\\WINDOWS\\System32\\" + tool + ".exe", Autostart.TIMEOUT),
                        "wslproxy-alice")
                .register(new TaskDefinition(Samples.USER, Samples.LAUNCH, true));

        assertThat(seen).singleElement().satisfies(file -> assertThat(Path.of(file))
                .doesNotExist());
        assertThat(runner.ranSince())
                .containsExactly("C:\\WINDOWS\\System32\\schtasks.exe /Create /TN \"wslproxy-alice\" /XML \""
                        + seen.get(0) + "\" /F");
    }

    @Test
    void aRefusalHasTheCommandAndWhatCameBack() {
        windows.when("schtasks /Delete", FakeTaskTools.DENIED);

        assertThatThrownBy(() -> windows.task().delete())
                .isInstanceOf(IOException.class)
                .hasMessage("schtasks /Delete /TN \"wslproxy-alice\" /F was refused: exit 1, nothing, on stderr"
                        + " \"ERROR: Access is denied.\"");
    }

    @Test
    void theRunKeyTakesNoLongerLineThanWindowsReads() throws Exception {
        Launch deep = new Launch("C:\\" + "x".repeat(200), Samples.LAUNCH.javaw(), Samples.LAUNCH.config());
        Path options = folder.resolve("state/logon.options");

        assertThatThrownBy(() -> windows.runKey().set(deep, options))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("260")
                .hasMessageContaining("shorter path");
        assertThatThrownBy(() -> RunKey.setting(deep, options.toString())).hasMessageContaining("shorter path");
        assertThat(windows.ran()).isEmpty();
        assertThat(options).doesNotExist();

        windows.runKey().set(new Launch("C:\\p", "C:\\j\\javaw.exe", "C:\\c.toml"), options);
        assertThat(options).content().contains("\"C:\\\\p\\\\lib\\\\*\"");
        assertThat(windows.ran()).singleElement().asString().startsWith("reg add HKCU");
    }

    @Test
    void theRunKeyStartsWhatItNames() throws Exception {
        windows.runKey().start(Samples.LAUNCH, Path.of("options"));

        assertThat(windows.ran())
                .containsExactly(
                        "start " + Samples.LAUNCH.javaw() + " @" + Samples.LAUNCH.program() + "\\jvm.options @options");
    }
}
