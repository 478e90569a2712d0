package io.github.wslproxy.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.wslproxy.os.OperatingSystem;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void modesAreNeeded() {
        assumeFalse(OperatingSystem.isWindows(), "there a file inherits the rights of its folder");
    }

    @Test
    void foldersAndFilesAreForTheirUserAlone() throws Exception {
        Path made = folder.resolve("a/b");
        PrivateFiles.folder(made);
        PrivateFiles.file(made.resolve("file"));

        assertThat(mode(folder.resolve("a"))).isEqualTo("rwx------");
        assertThat(mode(made)).isEqualTo("rwx------");
        assertThat(mode(made.resolve("file"))).isEqualTo("rw-------");
    }

    @Test
    void whatIsThereStaysAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        PrivateFiles.file(file);
        PrivateFiles.folder(folder);

        assertThat(mode(file)).isEqualTo("rw-r-----");
        assertThat(file).content().isEqualTo("text");
        assertThatThrownBy(() -> PrivateFiles.newFile(file)).isInstanceOf(FileAlreadyExistsException.class);
    }

    /** A link that leads nowhere would have the file made where somebody else wants it. */
    @Test
    void aLinkIsNotFollowedToANewFile() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));

        assertThatThrownBy(() -> PrivateFiles.newFile(link)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    /** Whoever waits with an open file in the way of the secret does not get it. */
    @Test
    void whatIsReplacedIsAnotherFile() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "old");
        try (InputStream opened = Files.newInputStream(file)) {
            PrivateFiles.replace(file, "secret");

            assertThat(new String(opened.readAllBytes(), UTF_8)).isEqualTo("old");
        }
        assertThat(file).content().isEqualTo("secret");
        assertThat(mode(file)).isEqualTo("rw-------");

        Path mine = Files.writeString(folder.resolve("mine"), "mine");
        Path link = Files.createSymbolicLink(folder.resolve("link"), mine);
        PrivateFiles.replace(link, "secret");
        assertThat(mine).content().isEqualTo("mine");
        assertThatThrownBy(() -> PrivateFiles.file(Files.createSymbolicLink(folder.resolve("lock"), mine)))
                .hasMessageContaining("is not a plain file");
    }

    @Test
    void aLinkOfThisUserIsFollowedAndOneOfAnotherIsNot() throws Exception {
        Path mine = Files.writeString(folder.resolve("mine"), "mine");
        Path link = Files.createSymbolicLink(folder.resolve("log"), mine);
        PrivateFiles.append(link).close();

        belongsToNobody(link);
        assertThatThrownBy(() -> PrivateFiles.append(link)).hasMessageContaining("is a link that nobody has made");
        assertThat(mine).content().isEqualTo("mine");
    }

    @Test
    void theCommandThatMendsAFolderIsForThatFolderWhateverItsName() throws Exception {
        StateDirectory state = new StateDirectory(folder.resolve("my $(id)"), folder.resolve("log"));
        PrivateFiles.folder(state.path());
        Files.setPosixFilePermissions(state.path(), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(state.problem())
                .hasValueSatisfying(problem -> assertThat(problem).endsWith("; run: chmod go-w ..."));

        StateDirectory blank = new StateDirectory(folder.resolve("my state"), folder.resolve("log"));
        PrivateFiles.folder(blank.path());
        Files.setPosixFilePermissions(blank.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(blank.problem()).hasValueSatisfying(problem -> assertThat(problem)
                .endsWith("; run: chmod go-w \"" + blank.path() + "\""));
    }

    @Test
    void aFolderOfAnotherOrForAllIsNotUsed() throws Exception {
        StateDirectory state = new StateDirectory(folder.resolve("state"), folder.resolve("state/log"));
        Path config = Files.writeString(folder.resolve("proxy.toml"), "");
        assertThat(state.problem()).isEmpty();
        PrivateFiles.folder(state.instances());
        assertThat(state.problem()).isEmpty();

        Files.setPosixFilePermissions(state.instances(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(state.problem())
                .contains(state.instances() + " may be written to by others; run: chmod go-w " + state.instances());
        assertThatThrownBy(() -> AdminToken.renew(config, state)).hasMessageContaining("may be written to by others");
        assertThatThrownBy(() -> AdminToken.of(config, state)).hasMessageContaining("may be written to by others");
        InstanceLock.take(config, state).close();
        assertThat(state.instances()).isEmptyDirectory();

        Files.setPosixFilePermissions(state.instances(), PosixFilePermissions.fromString("rwx------"));
        belongsToNobody(state.path());
        assertThat(state.problem()).contains(state.path() + " belongs to nobody; remove it");
    }

    private static void belongsToNobody(Path file) throws Exception {
        UserPrincipal nobody =
                file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        try {
            Files.getFileAttributeView(file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setOwner(nobody);
        } catch (FileSystemException e) {
            abort("only root gives files away");
        }
    }

    @Test
    void theLockAndItsFolderAreForTheirUserAlone() throws Exception {
        StateDirectory state = new StateDirectory(folder.resolve("state"), folder.resolve("state/wslproxy.log"));
        Path config = Files.writeString(folder.resolve("proxy.toml"), "");
        try (InstanceLock lock = InstanceLock.take(config, state)) {
            Optional<InstanceFile> files = InstanceFile.of(config, state);
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
