package io.github.wslproxy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.wslproxy.Main;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes on stdout and stderr, where the console has a character set of its own. The program runs on the Java of the
 * tests and on each Java home that {@code WSLPROXY_TEST_JAVA} lists, separated as on the PATH.
 */
@Tag("slow")
@Timeout(120)
class ConsoleBytesTest {
    private static final Charset OUT = Charset.forName("IBM850");

    /** Another one, so that neither is right by chance. */
    private static final Charset ERR = Charset.forName("windows-1252");

    private static final String UMLAUT = "J\u00f6rg";

    @TempDir
    Path temp;

    private Path folder;

    @BeforeEach
    void nameFolder() throws IOException {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding"));
        assumeTrue(
                names.newEncoder().canEncode(UMLAUT), "this JVM cannot name the folder: run it under a UTF-8 locale");
        folder = Files.createDirectory(temp.resolve(UMLAUT));
    }

    static Stream<String> javaHomes() {
        String others = System.getenv().getOrDefault("WSLPROXY_TEST_JAVA", "");
        return Stream.concat(
                Stream.of(System.getProperty("java.home")),
                Arrays.stream(others.split(File.pathSeparator, -1)).filter(home -> !home.isEmpty()));
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void whatACommandPrintsIsInTheCharacterSetOfItsStream(String javaHome) throws Exception {
        Path config = config(1);

        assertThat(run(javaHome, "check", "--config", config.toString()).out())
                .contains(config + " is valid.")
                .contains(UMLAUT + " ");
        Path missing = folder.resolve("missing.toml");
        assertThat(run(javaHome, "check", "--config", missing.toString()).err()).contains(missing.toString());
    }

    @ParameterizedTest
    @MethodSource("javaHomes")
    void theLogOnTheConsoleIsInTheCharacterSetOfStderr(String javaHome) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path config = config(taken.getLocalPort());

            assertThat(run(javaHome, "--config", config.toString()).err())
                    .contains("WARN  forward \"" + UMLAUT + "\" cannot listen");
        }
    }

    private Path config(int port) throws IOException {
        return Files.writeString(folder.resolve("proxy.toml"), """
                [wsl]
                address = "192.0.2.1"
                [status]
                listen = "off"
                [[forward]]
                name = "%s"
                listen = "127.0.0.1:%d"
                target = "wsl:80"
                """.formatted(UMLAUT, port));
    }

    /** Runs the program to its end. */
    private Printed run(String javaHome, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(javaHome, "bin", "java").toString(),
                "-D" + prefix(javaHome) + "stdout.encoding=" + OUT,
                "-D" + prefix(javaHome) + "stderr.encoding=" + ERR,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        File out = temp.resolve("out").toFile();
        File err = temp.resolve("err").toFile();
        Process process = new ProcessBuilder(command)
                .redirectOutput(out)
                .redirectError(err)
                .start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("has ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Printed(Files.readString(out.toPath(), OUT), Files.readString(err.toPath(), ERR));
    }

    /** Java 17 sets {@code sun.stdout.encoding} where there is a console, and Java 19 and later only its new name. */
    private static String prefix(String javaHome) throws IOException {
        Properties release = new Properties();
        release.load(new StringReader(Files.readString(Path.of(javaHome, "release"))));
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        return Runtime.Version.parse(version).feature() < 19 ? "sun." : "";
    }

    private record Printed(String out, String err) {}
}
