package io.github.wslproxy.os;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real child tells which arguments it got: each arrives as it was given, and as one. */
class ArgumentsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a  b\tc",
                "&calc",
                "| tee x",
                "%PATH%",
                "$HOME",
                "$(touch hacked)",
                "`touch hacked`",
                "; touch hacked",
                "*",
                "~",
                "^",
                "it's",
                "> hacked",
                "back\\slash",
                "!x",
                "{a,b}",
                "--help"
            })
    void arrivesAsItIs(String argument) {
        assertThat(arguments(argument, "last")).containsExactly(argument, "last");
        assertThat(folder).isEmptyDirectory();
    }

    /** Java on Windows hands on quotes within a word as they are, which is why no name may hold any. */
    @Test
    void quotesLineEndsAndNothingArriveToo() {
        if (!OperatingSystem.isWindows()) {
            assertThat(arguments("say \"hi\" now", "", "two\nlines", "\"", "\\\""))
                    .containsExactly("say \"hi\" now", "", "two\nlines", "\"", "\\\"");
        }
    }

    private List<String> arguments(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PrintsItsArguments.class.getName()));
        command.addAll(List.of(arguments));
        CommandResult result = new ProcessRunner(Optional.of(folder), 10_000).run(command, Duration.ofSeconds(30));
        return result.answer()
                .orElseThrow(() -> new AssertionError(result.summary()))
                .lines()
                .map(PrintsItsArguments::read)
                .toList();
    }

    /** Each in a line of its own, in hexadecimal. */
    public static final class PrintsItsArguments {
        public static void main(String[] arguments) {
            for (String argument : arguments) {
                System.out.println("=" + java.util.HexFormat.of().formatHex(argument.getBytes(UTF_8)));
            }
        }

        static String read(String line) {
            return new String(java.util.HexFormat.of().parseHex(line.strip().substring(1)), UTF_8);
        }
    }
}
