package io.github.wslproxy.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnixProgramsTest {
    private static final Set<Path> FILES =
            Set.of(Path.of("/usr/bin/probe"), Path.of("probe"), Path.of("./probe"), Path.of("bin/probe"));

    @ParameterizedTest
    @ValueSource(strings = {"/opt/bin:/usr/bin", ":/usr/bin", ".:/usr/bin", "bin::./:/usr/bin", "/usr/bin:"})
    void onlyFoldersThatAreNamedInFullCount(String path) {
        assertThat(of(path).find("probe")).contains("/usr/bin/probe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ":", "::", "./", "..", "bin", "/opt/bin:"})
    void aProgramOnlyInTheWorkingDirectoryIsNotFound(String path) {
        assertThat(of(path).find("probe")).isEmpty();
    }

    @Test
    void withoutAPathTheUsualFoldersAreSearched() {
        assertThat(new UnixPrograms(Optional.empty(), FILES::contains).find("probe"))
                .contains("/usr/bin/probe");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/opt/probe", "./probe", "bin/probe"})
    void aPathIsTakenAsItIs(String path) {
        assertThat(of("/usr/bin").find(path)).contains(path);
    }

    private static UnixPrograms of(String path) {
        return new UnixPrograms(Optional.of(path), FILES::contains);
    }
}
