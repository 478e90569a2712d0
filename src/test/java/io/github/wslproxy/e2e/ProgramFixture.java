package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program and a folder for its files. */
abstract class ProgramFixture {
    static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    static final String VM = "127.0.0.2";
    static final Duration SOON = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    @BeforeEach
    void isPackaged() {
        assertThat(Program.LAUNCHER).as("the packaged program").isExecutable();
    }

    Path write(String config) throws IOException {
        return Files.writeString(folder.resolve("proxy.toml"), config);
    }

    static String[] withConfig(Path config, String... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of("--config", config.toString()))
                .toArray(String[]::new);
    }

    static String forward(String name, int port, int target) {
        return "[status]\nlisten = 'off'\n" + forwardTable(name, port, target);
    }

    static String forwardTable(String name, int port, int target) {
        return "[[forward]]\nname = '%s'\nlisten = '127.0.0.1:%d'\ntarget = 'wsl:%d'\n".formatted(name, port, target);
    }

    static String command(String... words) {
        return "[wsl]\ncommand = ['" + String.join("', '", words) + "']\n";
    }
}
