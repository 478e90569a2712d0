package io.github.wslproxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.wslproxy.computer.OperatingSystem;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void modesAreNeeded() {
        assumeFalse(OperatingSystem.isWindows(), "there a file inherits the rights of its folder");
    }

    @Test
    void foldersAndFilesAreForTheirUserAlone() throws Exception {
        Path made = folder.resolve("a/b");
        OwnFiles.folder(made);
        OwnFiles.file(made.resolve("file"));

        assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(made)).isEqualTo("rwx------");
        assertThat(mode(made.resolve("file"))).isEqualTo("rw-------");
    }

    @Test
    void whatIsThereStaysAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        OwnFiles.file(file);
        OwnFiles.folder(folder);

        assertThat(mode(file)).isEqualTo("rw-r-----");
        assertThat(file).content().isEqualTo("text");
        assertThatThrownBy(() -> OwnFiles.newFile(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    /** A link that leads nowhere would have the file made where somebody else wants it. */
    @Test
    void aLinkIsNotFollowedToANewFile() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));

        assertThatThrownBy(() -> OwnFiles.newFile(link)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void theLockAndItsFolderAreForTheirUserAlone() throws Exception {
        StateFolder state = new StateFolder(folder.resolve("state"), folder.resolve("state/wslproxy.log"));
        Path config = Files.writeString(folder.resolve("proxy.toml"), "");
        try (InstanceLock lock = InstanceLock.take(config, state)) {
            Optional<InstanceFiles> files = InstanceFiles.of(config, state);
            files.orElseThrow().requestStop();

            assertThat(lock).isNotNull();
            assertThat(mode(state.path())).isEqualTo("rwx------");
            assertThat(mode(state.instances())).isEqualTo("rwx------");
            assertThat(mode(files.orElseThrow().lock())).isEqualTo("rw-------");
            assertThat(mode(files.orElseThrow().stop())).isEqualTo("rw-------");
        }
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
