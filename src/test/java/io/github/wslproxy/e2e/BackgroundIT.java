package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.app.StateDirectory;
import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program without a console, as a logon task runs it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "starts the program through its POSIX launcher")
class BackgroundIT {
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Path config;
    private Path log;

    @BeforeEach
    void write() throws IOException {
        log = folder.resolve("logs/mine.log");
        config = Files.writeString(folder.resolve("proxy.toml"), """
                [wsl]
                address = "127.0.0.2"
                [status]
                listen = "off"
                [log]
                file = "logs/mine.log"
                [[forward]]
                name = "web"
                listen = "127.0.0.1:%d"
                target = "wsl:8000"
                """.formatted(freePort()));
    }

    private String log() throws IOException {
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Test
    void allThatIsSaidIsInTheLogAndStopEndsIt() throws Exception {
        try (Program program = new Program(folder, "--background", "--config", config.toString())) {
            Await.until(() -> log().contains("INFO  web ") || !program.isAlive());

            Shell.Result second = Program.run("--config", config.toString());
            assertThat(second.status()).isEqualTo(1);
            String pid = second.err().replaceFirst("(?s).*\\(pid (\\d+)\\).*", "$1");
            assertThat(second.err().lines())
                    .filteredOn(line -> line.startsWith("wslproxy: "))
                    .singleElement()
                    .asString()
                    .contains("already running", config.toString());
            assertThat(ProcessHandle.of(Long.parseLong(pid))).isPresent();

            assertThat(Program.run("stop", "--config", config.toString())
                            .orFail()
                            .out())
                    .isEqualTo("wslproxy (pid " + pid + ") has stopped.\n");
            assertThat(program.awaitEnd(SOON)).isZero();
            assertThat(log())
                    .contains("is running. WSL is at 127.0.0.2")
                    .contains("stopping (wslproxy stop)")
                    .contains("wslproxy has stopped")
                    .doesNotContain("WARN", "ERROR");
            assertThat(program.out() + program.err()).isEmpty();
        }
        assertThat(Program.run("logs", "-n", "1", "--config", config.toString())
                        .orFail()
                        .out()
                        .lines())
                .hasSize(2)
                .first()
                .isEqualTo(log + ":");
    }

    @Test
    void aSecondOneInTheBackgroundEndsWithoutAWordInTheLogOfTheFirst() throws Exception {
        try (Program program = new Program(folder, "--background", "--config", config.toString())) {
            Await.until(() -> log().contains("INFO  configuration: ") || !program.isAlive());
            String before = log();

            assertSilent(Program.run("--background", "--config", config.toString()));
            Files.writeString(config, "half an edit =");
            assertSilent(Program.run("--background", "--config", config.toString()));

            assertThat(log()).isEqualTo(before);
            assertThat(program.isAlive()).isTrue();
            try (Stream<Path> logs = Files.list(log.getParent())) {
                assertThat(logs).containsExactly(log);
            }
        }
    }

    private static void assertSilent(Shell.Result result) {
        assertThat(result.orFail().out() + result.err()).isEmpty();
    }

    @Test
    void aKilledOneIsFollowedByAnother() throws Exception {
        try (Program program = new Program(folder, "--config", config.toString()).awaitStart()) {
            program.signal("KILL");
            assertThat(program.awaitEnd(SOON)).isNotZero();
        }
        try (Program program = new Program(folder, "--config", config.toString()).awaitStart()) {
            assertThat(program.isAlive()).isTrue();
        }
    }

    /** Before the configuration is known, the default log is all there is. */
    @Test
    void problemsOfTheConfigurationAndTheCommandLineAreInTheDefaultLog() throws Exception {
        Path broken = Files.writeString(folder.resolve("broken.toml"), "[[forward]]\nport = 99999\n");

        Shell.Result invalid = Program.run("--background", "--config", broken.toString());
        Shell.Result wrong = Program.run("--background", "--no-such-option");

        assertThat(invalid.status()).isEqualTo(2);
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(invalid.out() + invalid.err() + wrong.out() + wrong.err()).isEmpty();
        assertThat(Program.run("logs", "--config", broken.toString()).orFail().out())
                .contains(broken + ":2:1: ")
                .contains("--no-such-option");
    }

    /** What {@code wslproxy start} reads of a start that it waits for. */
    @Test
    void aStartThatFailsLeavesWhyUntilTheNextOne() throws Exception {
        Path broken = Files.writeString(
                folder.resolve("broken.toml"), "[[forward]]\nport = 99999\n[[forward]]\nport = 99998\n");

        assertThat(Program.run("--background", "--config", broken.toString()).status())
                .isEqualTo(2);
        assertThat(left(broken)).singleElement().asString().contains("\"failed\":\"" + broken + ":2:", " (and 1 more)");

        assertThat(Program.run("stop", "--config", broken.toString()).orFail().out())
                .contains("No wslproxy is running");
        try (Program program = new Program(folder, "--config", config.toString()).awaitStart()) {
            assertThat(left(broken)).as("another configuration starts").hasSize(1);
            assertThat(program.isAlive()).isTrue();
        }
        Files.writeString(broken, Files.readString(config));
        try (Program program = new Program(folder, "--background", "--config", broken.toString())) {
            Await.until(() -> log().contains("INFO  web ") || !program.isAlive());
            assertThat(left(broken)).isEmpty();
        }
    }

    /** The instance files with a failure of that configuration. */
    private static List<String> left(Path config) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(stateFolder().resolve("run"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".lock")).toList()) {
                String text = Files.readString(file);
                if (text.contains("\"failed\":\"" + config)) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    private static Path stateFolder() {
        return StateDirectory.ofThisUser().path();
    }

    @Test
    void aLogThatCannotBeWrittenIsSaidInTheDefaultOne() throws Exception {
        Files.writeString(folder.resolve("logs"), "a file in its way");

        assertThat(Program.run("--background", "--config", config.toString()).status())
                .isEqualTo(1);
        Path broken = Files.writeString(folder.resolve("broken.toml"), "");
        assertThat(Program.run("logs", "--config", broken.toString()).orFail().out())
                .contains("cannot write the log " + log);
    }

    @Test
    void theTaskCanBeLookedAtAnywhere() throws Exception {
        Shell.Result shown = Program.run("install", "--dry-run", "--config", config.toString());

        assertThat(shown.orFail().out())
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-16\"?>")
                .contains("--config &quot;" + config + "&quot; --background</Arguments>")
                .endsWith("</Task>\n");
        assertThat(shown.err()).contains("schtasks /Create /TN \"wslproxy-");
        assertThat(Program.run("install", "--config", config.toString()).status())
                .isEqualTo(2);
    }
}
