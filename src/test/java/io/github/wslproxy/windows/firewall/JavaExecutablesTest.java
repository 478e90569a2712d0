package io.github.wslproxy.windows.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaExecutablesTest {
    @TempDir
    private Path folder;

    private Path program(String path) throws Exception {
        Path file = folder.toRealPath().resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    @Test
    void javaHasATwinWithoutAWindow() throws Exception {
        Path java = program("jre/bin/java.exe");

        JavaExecutables programs = JavaExecutables.of(java, folder.resolve("jre"));

        assertThat(programs.paths())
                .containsExactly(
                        java.toString(), java.resolveSibling("javaw.exe").toString());
        assertThat(programs.ownRuntime()).isFalse();
        assertThat(JavaExecutables.of(program("jre/bin/javaw.exe"), folder.resolve("jre")))
                .isEqualTo(programs);
    }

    @Test
    void aRuntimeBesideLibIsOwn() throws Exception {
        Path java = program("w/runtime/bin/java.exe");
        program("w/lib/wslproxy.jar");

        assertThat(JavaExecutables.of(java, folder.resolve("w/runtime")).ownRuntime())
                .isTrue();
        assertThat(JavaExecutables.of(program("v/runtime/bin/java.exe"), folder.resolve("v/runtime"))
                        .ownRuntime())
                .isFalse();
    }

    @Test
    void aPathThroughALinkIsKnownByBothNames() throws Exception {
        Path java = program("jre-17/bin/java.exe");
        Path link = Files.createSymbolicLink(folder.toRealPath().resolve("current"), folder.resolve("jre-17"));

        JavaExecutables programs = JavaExecutables.of(link.resolve("bin/java.exe"), link);

        assertThat(programs.paths())
                .contains(
                        java.toString(),
                        link.resolve("bin").resolve("java.exe").toString(),
                        link.resolve("bin").resolve("javaw.exe").toString());
        assertThat(programs.forRules())
                .containsExactly(
                        java.toString(), java.resolveSibling("javaw.exe").toString());
    }
}
