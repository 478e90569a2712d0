package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.OwnCommand;
import io.github.wslproxy.status.StatusSamples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is printed to be copied, where names and folders were chosen by somebody else. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
@Tag("slow")
class CopiedCommandsTest {
    /** A command follows a colon and ends with its line or its sentence. */
    private static final Pattern COMMAND = Pattern.compile("[:(] ?(wslproxy(?: [a-z-].*)?)$", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "with blanks and (more) & more",
                "a;touch PWNED;b",
                "a;touch${IFS}PWNED;b",
                "a\n$(touch PWNED)",
                "`touch PWNED`",
                "'; touch PWNED; '",
                "\"; touch PWNED; \"",
                "a\u201d; touch PWNED; \u201c",
                "x \\",
                "~",
                "-x",
                "!touch"
            })
    void noNameAndNoFolderAddsAWordToACommand(String text) throws Exception {
        Path own = Files.createDirectory(folder.resolve(text));
        try (FakeProxy proxy = new FakeProxy(own)) {
            runAll(proxy, "status", "share --stop 3000", "share --list", "urls", "pause x", "page", "check");
            proxy.runs(StatusSamples.of(StatusSamples.failed(text), StatusSamples.listening("share-3000")));
            runAll(proxy, "status", "share 3000", "share --list", "share --stop 3000", "urls", "pause x", "page");
            Files.delete(proxy.config);
            runAll(proxy, "init");

            List<String> commands = commands(proxy.out + "\n" + proxy.err);
            assertThat(commands).hasSizeGreaterThanOrEqualTo(4);
            for (String command : commands) {
                assertRunsOnlyThisProgram(command);
            }
        }
    }

    @Test
    void aCommandNamesTheConfigurationUnlessItIsTheDefaultOne() {
        OwnCommand named = OwnCommand.naming(Path.of("/a b/proxy.toml"));

        assertThat(named.line("doctor", "my server"))
                .isEqualTo("wslproxy doctor \"my server\" --config \"/a b/proxy.toml\"");
        assertThat(named.line("")).isEqualTo("wslproxy --config \"/a b/proxy.toml\"");
        assertThat(OwnCommand.OF_DEFAULT.line("share --stop", "share-1")).isEqualTo("wslproxy share --stop share-1");
        assertThat(OwnCommand.OF_DEFAULT.line("doctor", "--help")).isEqualTo("wslproxy doctor ...");
    }

    private static void runAll(FakeProxy proxy, String... commands) {
        for (String command : commands) {
            String[] words = command.split(" ");
            proxy.run(made(proxy, words[0]), words);
        }
    }

    private static SubCommand made(FakeProxy proxy, String command) {
        return switch (command) {
            case "status" -> new StatusCommand(proxy.state, Clock.systemUTC());
            case "share" -> new ShareCommand(proxy.state, new QrOption());
            case "pause" -> new PauseCommand(proxy.state);
            case "resume" -> new ResumeCommand(proxy.state);
            default -> new CheckCommand();
        };
    }

    private static List<String> commands(String printed) {
        return COMMAND.matcher(printed)
                .results()
                .map(CopiedCommandsTest::command)
                .distinct()
                .toList();
    }

    private static String command(MatchResult found) {
        return found.group(1);
    }

    private void assertRunsOnlyThisProgram(String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", "wslproxy() { printf 'ran %s\\n' \"$#\"; }\n" + command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(said).as(command).matches("ran \\d+\n");
        assertThat(folder.resolve("PWNED")).as(command).doesNotExist();
    }
}
