package io.github.wslproxy.windows.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledProgramTest {
    @TempDir
    Path temp;

    private Path folder;
    private Path jar;
    private Path javaHome;

    @BeforeEach
    void unpack() throws IOException {
        folder = temp.resolve("tools/wslproxy-1.0");
        jar = file("tools/wslproxy-1.0/lib/wslproxy-1.0.jar");
        file("tools/wslproxy-1.0/jvm.options");
        javaHome = temp.resolve("jdk");
        file("jdk/bin/javaw.exe");
    }

    private Path file(String path) throws IOException {
        Path file = temp.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    @Test
    void isWhereItsJarLies() throws Exception {
        InstalledProgram program = InstalledProgram.find(jar, javaHome);

        assertThat(program.folder()).isEqualTo(folder.toString());
        assertThat(program.javaw()).isEqualTo(javaHome.resolve("bin/javaw.exe").toString());
    }

    @Test
    void itsOwnJavaIsTakenFirst() throws Exception {
        Path own = file("tools/wslproxy-1.0/runtime/bin/javaw.exe");

        assertThat(InstalledProgram.find(jar, javaHome).javaw()).isEqualTo(own.toString());
    }

    @Test
    void aJavaWithoutJavawIsRefusedWithACure() throws Exception {
        Files.delete(javaHome.resolve("bin/javaw.exe"));

        assertThatThrownBy(() -> InstalledProgram.find(jar, javaHome))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(javaHome.toString())
                .hasMessageContaining("WSLPROXY_JAVA");
    }

    @Test
    void classesOfABuildAreNoInstalledProgram() throws Exception {
        Path classes = Files.createDirectories(temp.resolve("checkout/target/classes"));

        assertThatThrownBy(() -> InstalledProgram.find(classes, javaHome))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(classes.toString())
                .hasMessageContaining("unpack");
    }

    @Test
    void theProgramInACheckoutIsNotEitherAsTheNextBuildReplacesIt() throws Exception {
        Path built = file("checkout/target/wslproxy/lib/wslproxy-1.0.jar");
        file("checkout/target/wslproxy/jvm.options");
        file("checkout/pom.xml");

        assertThatThrownBy(() -> InstalledProgram.find(built, javaHome))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checkout")
                .hasMessageContaining("unpack");
    }

    @Test
    void thisTestRunsFromACheckout() {
        assertThatThrownBy(InstalledProgram::find)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("classes");
    }

    @Test
    void elsewhereThanOnWindowsItsPlaceIsMadeUp() {
        assertThat(InstalledProgram.placeholder(Map.of("LOCALAPPDATA", "D:\\Local"))
                        .launch(Optional.of("c"))
                        .arguments())
                .isEqualTo(
                        "\"@D:\\Local\\Programs\\wslproxy\\jvm.options\" -cp \"D:\\Local\\Programs\\wslproxy\\lib\\*\""
                                + " io.github.wslproxy.Main --config \"c\" --background");
    }
}
