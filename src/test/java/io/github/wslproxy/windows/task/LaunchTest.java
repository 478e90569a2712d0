package io.github.wslproxy.windows.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.ProcessRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line of javaw.exe and the option file of the Run key. */
class LaunchTest {
    private static final Path GOLDEN_OPTIONS = Path.of("src/test/resources/task/logon.options");

    @TempDir
    Path folder;

    @Test
    void theOptionFileIsTheOneInTheFile() throws Exception {
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
                LauncherLetters.ofThisJava().codePage());

        CommandResult result = new ProcessRunner(Optional.empty(), 10_000)
                .run(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "@" + options),
                        Duration.ofMinutes(1));

        assertThat(result).isInstanceOfSatisfying(CommandResult.Ended.class, ended -> assertThat(ended.output())
                .as(result.summary())
                .isEqualTo("--config|" + Samples.LAUNCH.config().orElseThrow() + "|--background"));
    }

    @Test
    void aPathThatWindowsWouldTakeForAVariableIsNamed() {
        assertThat(Samples.LAUNCH.pathWithVariable()).isEmpty();
        assertThat(new Launch("C:\\%TEMP%", "C:\\javaw.exe", Optional.of("C:\\c.toml")).pathWithVariable())
                .contains("C:\\%TEMP%");
        assertThat(new Launch("C:\\p", "C:\\javaw.exe", Optional.of("C:\\$(Arg0).toml")).pathWithVariable())
                .contains("C:\\$(Arg0).toml");
    }
}
