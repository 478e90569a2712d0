package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTokenTest {
    @TempDir
    Path folder;

    @Test
    void itIsMadeOnceForThisUserAloneAndKept() throws Exception {
        String token = PageToken.of(state());

        assertThat(token).matches("[0-9a-f]{32}");
        assertThat(PageToken.of(state())).isEqualTo(token);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void whatIsNoTokenIsReplaced() throws Exception {
        PageToken.of(state());
        for (String text : new String[] {"", "short", "x".repeat(32), "0".repeat(33)}) {
            Files.writeString(file(), text);
            assertThat(PageToken.of(state())).matches("[0-9a-f]{32}").isNotEqualTo(text);
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws Exception {
        Files.writeString(folder.resolve("wslproxy"), "a file");

        assertThatThrownBy(() -> PageToken.of(state()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("page-token");
    }

    private Path file() {
        return folder.resolve("wslproxy").resolve("page-token");
    }

    private StateFolder state() {
        return new StateFolder(folder.resolve("wslproxy"), folder.resolve("log"));
    }
}
