package io.github.wslproxy.config;

import static io.github.wslproxy.config.ConfigText.ONE;
import static io.github.wslproxy.config.ConfigText.assertReadFails;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LogParserTest {
    @TempDir
    Path folder;

    @Test
    void theLogMayNotBeTheConfigurationOrALockOrAFolder() throws IOException {
        Path file = folder.resolve("proxy.toml");
        Files.createSymbolicLink(folder.resolve("link.log"), file);
        Files.createLink(folder.resolve("other.log"), Files.createFile(file));
        for (String log : List.of("proxy.toml", "./x/../proxy.toml", "link.log", "other.log", file.toString())) {
            assertLogIsRefused(file, log, " is this configuration itself (expected a file of its own,");
        }
        assertLogIsRefused(file, "run/1a2b.lock", " ends as the lock and the token of wslproxy do");
        assertLogIsRefused(file, ".", " is a folder");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theLogMayNotBeAPipeWhoseReaderAStartWouldWaitFor() throws Exception {
        Path file = folder.resolve("proxy.toml");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertLogIsRefused(file, "pipe", " is a pipe, and a start would wait for its reader");
    }

    private static void assertLogIsRefused(Path file, String log, String why) throws IOException {
        Files.writeString(file, "[log]\nfile = '" + log + "'\n" + ONE + "target = \"10.0.0.2:5173\"\n");

        assertReadFails(file, ":2:1: [log]: file \"" + log + "\"" + why);
    }
}
