package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code wslproxy.cmd}, run by cmd.exe in a folder with blanks, umlauts, a parenthesis and an ampersand. */
@ExtendWith(OnWine.class)
@Timeout(180)
class WineLauncherIT {
    private static final String INSTALL = "winget install EclipseAdoptium.Temurin.21.JRE";

    private final WineNetwork network;
    private final Wine windows;

    WineLauncherIT(WineNetwork network) {
        this.network = network;
        this.windows = network.windows();
    }

    @BeforeEach
    @AfterEach
    void noJava() throws Exception {
        registry("[-HKEY_LOCAL_MACHINE\\SOFTWARE\\JavaSoft]", "[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Eclipse Adoptium]");
    }

    @Test
    void withoutAnyJavaItSaysInOneLineHowToGetOne() throws Exception {
        Shell.Result none = launch("WSLPROXY_JAVA=", "--version");

        none.orFailUnless(1);
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).isEqualTo("wslproxy: Java 17 or newer is needed and there is none: " + INSTALL + "\r\n");
    }

    @Test
    void javaIsFoundWhereverItMayBe() throws Exception {
        assertRuns(launch("WSLPROXY_JAVA=" + windows.javaHome(), "--version"));
        assertRuns(launch("WSLPROXY_JAVA=", "JAVA_HOME=" + windows.javaHome(), "--version"));
        assertRuns(launch("WSLPROXY_JAVA=", "WINEPATH=" + windows.javaHome() + "\\bin", "--version"));
        registry(
                "[HKEY_LOCAL_MACHINE\\SOFTWARE\\JavaSoft\\JDK\\17.0.9]",
                "\"JavaHome\"=\"" + windows.javaHome().replace("\\", "\\\\") + "\"");
        assertRuns(launch("WSLPROXY_JAVA=", "--version"));
        noJava();
        registry(
                "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Eclipse Adoptium\\JRE\\17.0.9.9\\hotspot\\MSI]",
                "\"Path\"=\"" + windows.javaHome().replace("\\", "\\\\") + "\\\\\"");
        assertRuns(launch("WSLPROXY_JAVA=", "--version"));
    }

    /** A link is enough: the program's own Java is used before all others. */
    @Test
    void itsOwnJavaComesFirst() throws Exception {
        Path runtime = windows.file(network.program()).resolve("runtime");
        Files.createSymbolicLink(runtime, windows.javaHomeHere());
        try {
            assertRuns(launch("WSLPROXY_JAVA=", "JAVA_HOME=C:\\nowhere", "--version"));
        } finally {
            Files.delete(runtime);
        }
        Shell.Result wrong = launch("WSLPROXY_JAVA=", "JAVA_HOME=C:\\nowhere", "--version");
        wrong.orFailUnless(1);
        assertThat(wrong.err()).contains("JAVA_HOME leads to \"C:\\nowhere\\bin\\java.exe\"");
    }

    @Test
    void argumentsAndTheStatusPassThrough() throws Exception {
        String odd = "C:\\no such\\J\u00f6rg & (Co) %TEMP%\\proxy.toml";
        Shell.Result missing = launch("check", "--config", odd);

        missing.orFailUnless(2);
        assertThat(missing.err()).contains("C:\\no such\\J\u00f6rg & (Co) ").contains("\\proxy.toml");
    }

    /**
     * It is asked by a cmd.exe of its own, and as the last line. Of the rest nothing can be seen: the cmd.exe of Wine 8
     * has status 1 after each "call", and runs what follows && and || whatever the status was.
     */
    @ParameterizedTest
    @CsvSource({"--version, 0", "check --config C:\\nowhere.toml, 2"})
    void anotherCommandFileSeesTheStatus(String arguments, int status) throws Exception {
        String caller = "C:\\windows\\temp\\caller.cmd";
        List<String> lines = List.of(
                "@echo off",
                "cd /d \"%PROGRAM%\"",
                "cmd.exe /c wslproxy.cmd " + arguments + " >nul 2>&1",
                "echo %ERRORLEVEL%",
                "wslproxy.cmd " + arguments + " >nul 2>&1");
        Files.write(windows.file(caller), lines, Wine.CONSOLE);

        Shell.Result called = windows.run("WSLPROXY_JAVA=" + windows.java(), "PROGRAM=" + network.program(), caller);

        assertThat(called.out().strip()).isEqualTo(Integer.toString(status));
        called.orFailUnless(status);
    }

    @Test
    void theWindowlessOneRunsItInTheBackgroundUntilItIsStopped() throws Exception {
        String config = "C:\\J\u00f6rg\\proxy.toml";
        windows.writeAsNotepad(config, """
                [wsl]
                address = '192.0.2.1'
                [status]
                listen = 'off'
                [log]
                file = 'windowless.log'
                [[forward]]
                listen = '127.0.0.1:8080'
                """);
        Path log = windows.file("C:\\J\u00f6rg\\windowless.log");

        Process launcher = new ProcessBuilder(windows.command(
                        "WSLPROXY_JAVA=" + windows.java(), network.program() + "\\wslproxyw.cmd", "--config", config))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(launcher.waitFor()).isZero();
        Await.until(() -> Files.exists(log) && Files.readString(log).contains("listens on"));
        assertThat(launch("stop", "--config", config).orFail().out()).contains("stopped");
    }

    private Shell.Result launch(String... words) throws Exception {
        return network.run(words);
    }

    private static void assertRuns(Shell.Result version) {
        assertThat(version.orFail().out()).startsWith("wslproxy ").contains(", Java 17.");
    }

    private void registry(String... lines) throws Exception {
        windows.importRegistry(String.join("\n", lines) + "\n");
    }
}
