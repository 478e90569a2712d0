package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void writeConfiguration() throws IOException {
        config = Files.createFile(folder.resolve("proxy.toml"));
    }

    @Test
    void itIsForThisUserAloneAndEachStartMakesAnother() throws Exception {
        String token = AdminToken.renew(config, state());

        assertThat(token).matches("[0-9a-f]{32}");
        assertThat(AdminToken.of(config, state())).isEqualTo(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(AdminToken.renew(config, state())).isNotEqualTo(token);
    }

    @Test
    void eachConfigurationHasItsOwn() throws Exception {
        Path other = Files.createFile(folder.resolve("other.toml"));
        String token = AdminToken.renew(config, state());
        AdminToken.renew(other, state());

        assertThat(AdminToken.of(config, state())).isEqualTo(token);
        assertThat(AdminToken.of(other, state())).isNotEqualTo(token);
    }

    @Test
    void withoutOneItIsSaidWhere() throws Exception {
        assertThatThrownBy(() -> AdminToken.of(config, state()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".token");
        AdminToken.renew(config, state());
        for (String text : new String[] {"", "short", "x".repeat(32), "0".repeat(33)}) {
            Files.writeString(file(), text);
            assertThatThrownBy(() -> AdminToken.of(config, state())).hasMessageContaining("it holds no token");
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws Exception {
        Files.writeString(folder.resolve("wslproxy"), "a file");

        assertThatThrownBy(() -> AdminToken.renew(config, state()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".token");
    }

    private Path file() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("wslproxy").resolve("run"))) {
            return files.filter(file -> file.toString().endsWith(".token"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private StateDirectory state() {
        return new StateDirectory(folder.resolve("wslproxy"), folder.resolve("log"));
    }
}
