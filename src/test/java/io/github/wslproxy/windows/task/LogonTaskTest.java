package io.github.wslproxy.windows.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.windows.SystemTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that are printed and run, and what their answers mean. */
class LogonTaskTest {
    private static final Path GOLDEN = Path.of("src/test/resources/task/commands.txt");

    private final FakeTaskTools windows = new FakeTaskTools();

    @Test
    void theCommandsAreThoseInTheFile() throws Exception {
        LogonTask task = new LogonTask(windows.tools(), Samples.TASK);
        List<String> lines = new ArrayList<>(List.of(
                task.registration("C:\\Users\\Jörg Müller\\AppData\\Local\\Temp\\wslproxy-task1.xml"),
                task.runCommand(),
                RunKey.setting(Samples.LAUNCH, Samples.OPTIONS)));
        task.state();
        task.isUnlisted();
        assertThat(task.run().get()).isEmpty();
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

    /** The headings are localized, and are left out; each trigger has a row. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"1\"|1",
                "\"-1073741510\"|-1073741510",
                "\"3221225786\"|-1073741510",
                "\"0\"|",
                "\"267009\"|",
                "\"267014\"|",
                "\"267045\"|",
                "\"267011\"|",
                "\"soon\"|",
                "|",
            })
    void theLastStatusStandsInTheSeventhField(String field, Integer status) throws Exception {
        String row = "\"PC\",\"\\wslproxy-alice\",\"N/A\",\"Bereit\",\"Nur interaktiv\",\"22.11.2026 09:00:00\",";
        windows.when(
                "schtasks /Query /TN \"wslproxy-alice\" /V",
                ("\n" + row + (field == null ? "" : field) + ",\"PC\\alice\"\n").repeat(2));

        assertThat(windows.task().run().get()).isEqualTo(status == null ? OptionalInt.empty() : OptionalInt.of(status));
    }

    @Test
    void aTaskSchedulerThatDoesNotTellLeavesTheStatusOpen() throws Exception {
        windows.when("schtasks /Query", FakeTaskTools.DENIED);

        assertThat(windows.task().run().get()).isEmpty();
    }

    @Test
    void aRefusalHasTheCommandAndWhatCameBack() {
        windows.when("schtasks /Delete", FakeTaskTools.DENIED);

        assertThatThrownBy(() -> windows.task().delete())
                .isInstanceOf(IOException.class)
                .hasMessage("schtasks /Delete /TN \"wslproxy-alice\" /F was refused: exit 1, nothing, on stderr"
                        + " \"ERROR: Access is denied.\"");
    }
}
