package io.github.wslproxy.config;

import static io.github.wslproxy.config.ConfigText.ONE;
import static io.github.wslproxy.config.ConfigText.assertProblem;
import static io.github.wslproxy.config.ConfigText.assertReadFails;
import static io.github.wslproxy.config.ConfigText.parse;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF" + ONE, "[[forward]]\r\nport = 5173\r\n", "\uFEFF[[forward]]\r\nport = 5173"})
    void byteOrderMarkAndLineEndsOfWindowsAreAccepted(String text) throws ConfigException {
        assertThat(parse(text).forwards()).hasSize(1);
    }

    @Test
    void placesAreCountedWithoutByteOrderMarkAndInCharacters() {
        assertProblem("\uFEFFport = 1\r\n" + ONE, "t:1:1: unknown key \"port\"; it belongs under [[forward]]");
        assertProblem(ONE + "deny = [\"\ud83d\ude00\", 5]\n", "t:3:9: ", "t:3:14: ");
    }

    @Test
    void otherEncodingsAreRefusedAtTheirFirstBadByte() {
        assertProblem(("\r\n# caf\u00e9\n" + ONE).getBytes(ISO_8859_1), "t:2:6: byte 0xe9 is not UTF-8");
        assertProblem("# \ud83d\ude00\u00e9 \u00ff".getBytes(UTF_8), "t:1:1: nothing to forward");
        assertProblem(new byte[] {'a', (byte) 0xe2, (byte) 0x82}, "t:1:2: byte 0xe2 is not UTF-8");
        assertProblem(ONE.getBytes(UTF_16), "t:1:1: the file is UTF-16 (expected UTF-8: save it as UTF-8)");
        assertProblem(ONE.getBytes(UTF_16LE), "t:1:1: the file is UTF-16");
        assertProblem(("\uFEFF" + ONE).getBytes(UTF_16LE), "t:1:1: the file is UTF-16");
    }

    @Test
    void deepNestingIsRefusedAndTheNextFileIsReadAsEver() throws ConfigException {
        assertProblem("x = " + "[".repeat(50_000), "t:1:1: values are nested too deeply (expected a few levels)");
        assertProblem("x = " + "{a = ".repeat(12_000), "t:1:1: values are nested too deeply (expected a few levels)");
        assertThat(parse(ONE).forwards()).hasSize(1);
    }

    /** tomlj asserts that an escape is whole, and the tests run with assertions. */
    @Test
    void anEscapeThatIsNoneIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse(ONE + "target = \"172.30.9\\u[[[[0008.229\"\n"));
    }

    @Test
    void endlessTextIsShortenedInMessages() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(
                        () -> parse(ONE + "target = \"" + ":".repeat(40_000) + "\"\n" + "x".repeat(20_000) + " = 1\n"))
                .satisfies(refused -> assertThat(refused.problems())
                        .hasSize(2)
                        .allSatisfy(problem -> assertThat(problem.toString()).hasSizeLessThan(1000)));
    }

    @Test
    void fileOfAnotherKindIsNotReportedLineByLine() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> parse("- item\n".repeat(500)))
                .satisfies(refused -> assertThat(refused.problems()).hasSize(101))
                .withMessageEndingWith("t:101:3: 400 more problems from here");
    }

    @Test
    void fileThatCannotBeReadIsOneProblem() throws IOException {
        Path missing = folder.resolve("missing.toml");
        Path large = Files.write(folder.resolve("large.toml"), new byte[(1 << 20) + 1]);

        assertReadFails(
                missing,
                ":1:1: no such file (expected a TOML file; to create it: wslproxy init --config " + missing + ")");
        assertReadFails(folder, ":1:1: is a directory (expected a TOML file");
        assertReadFails(large, ":1:1: the file is too large (expected at most 1 MiB)");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aPipeNobodyWritesToIsWaitedForForAWhileOnly() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertReadFails(
                pipe, ":1:1: the file cannot be read: it is no file, and nobody has written all of it within 5s");
    }

    @Test
    void fileIsReadOnThisComputer() throws Exception {
        Path file = Files.writeString(
                folder.resolve("proxy.toml"), "[log]\nfile = 'x.log'\n" + ONE + "target = \"10.0.0.2:5173\"\n");

        Settings settings = ConfigFile.read(file);

        assertThat(settings.forwards()).hasSize(1);
        assertThat(settings.log().file()).contains(folder.resolve("x.log").toAbsolutePath());
    }

    @Test
    void ownAddressOfThisComputerIsALoop() throws IOException {
        InetAddress own = new LocalComputer.ThisComputer()
                .addresses().stream()
                        .filter(address -> !address.isLinkLocalAddress())
                        .findAny()
                        .orElseThrow();
        String host = own.getHostAddress().contains(":") ? "[" + own.getHostAddress() + "]" : own.getHostAddress();
        Path file = Files.writeString(folder.resolve("proxy.toml"), ONE + "target = \"" + host + ":5173\"\n");

        assertReadFails(file, ":3:1: forward \"tcp-5173\": target ");
    }
}
