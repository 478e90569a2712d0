package io.github.wslproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.forward.Forward;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What import-netsh writes into a configuration, and what it leaves as it is. */
class ImportNetshMergeTest extends ImportNetshFixture {
    @Test
    void mergingAddsWhatIsMissingAndLeavesTheRest() throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), CONFIG);

        assertThat(importing(TWO_RULES, "--merge", "--config", config.toString()))
                .isZero();

        assertThat(config).hasContent(CONFIG + """

                [[forward]]
                name   = "tcp-3000"
                listen = "0.0.0.0:3000"
                target = "wsl:3000" # was 192.0.2.7, the address of WSL
                """);
        assertThat(ConfigFile.read(config).forwards()).map(Forward::name).containsExactly("web", "tcp-3000");
        assertThat(printed())
                .containsExactly(
                        "0.0.0.0:8080 -> wsl:80 is there already: web",
                        "added tcp-3000: 0.0.0.0:3000 -> wsl:3000",
                        "Added 1 forward to " + config + ".",
                        "",
                        "The rules hold these ports until they are deleted, as administrator:",
                        "  netsh interface portproxy delete v4tov4 listenport=8080",
                        "  netsh interface portproxy delete v4tov4 listenport=3000 listenaddress=0.0.0.0");
        assertNothingElseIsLeft();
    }

    @Test
    void mergingTwiceAddsNothing() throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), CONFIG);
        importing(TWO_RULES, "--merge", "--config", config.toString());
        byte[] once = Files.readAllBytes(config);
        out.getBuffer().setLength(0);

        assertThat(importing(TWO_RULES, "--merge", "--config", config.toString()))
                .isZero();

        assertThat(config).hasBinaryContent(once);
        assertThat(printed()).contains(config + " was left as it is.");
    }

    @Test
    void theBytesBeforeAndTheLineEndsStay() throws Exception {
        String dos = "\ufeff" + CONFIG.strip().replace("\n", "\r\n") + " # é";
        Path config = Files.write(folder.resolve("proxy.toml"), dos.getBytes(UTF_8));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));

        assertThat(importing(TWO_RULES, "--merge", "--config", config.toString()))
                .isZero();

        assertThat(Files.readString(config))
                .startsWith(dos + "\r\n\r\n[[forward]]\r\n")
                .endsWith("\r\n")
                .doesNotContainPattern("[^\r]\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aLinkStaysALink() throws Exception {
        Path real = Files.writeString(
                Files.createDirectory(folder.resolve("dotfiles")).resolve("p.toml"), CONFIG);
        Path config = Files.createSymbolicLink(folder.resolve("proxy.toml"), real);

        assertThat(importing(TWO_RULES, "--merge", "--config", config.toString()))
                .isZero();

        assertThat(config).isSymbolicLink();
        assertThat(real).content().contains("tcp-3000");
    }

    static Stream<Arguments> arrays() {
        return Stream.of(
                arguments("forward = [ { port = 80 } ]", "forward = [ { port = 80 }, NEW ]"),
                arguments("forward = [{port = 80},]", "forward = [{port = 80}, NEW ]"),
                arguments("\"forward\"=[{port=80}]", "\"forward\"=[{port=80}, NEW ]"),
                arguments("""
                        # forward = [
                        log.level = 'info'
                        forward = [ # ] mine
                          { port = 80, name = ']"' } # last ]
                        ]""", """
                        # forward = [
                        log.level = 'info'
                        forward = [ # ] mine
                          { port = 80, name = ']"' }, # last ]
                          NEW, # was 192.0.2.7, the address of WSL
                        ]"""),
                arguments("""
                        forward = [
                          { port = 80, name = "\\"]" },
                        ]""", """
                        forward = [
                          { port = 80, name = "\\"]" },
                          NEW, # was 192.0.2.7, the address of WSL
                        ]"""));
    }

    /** TOML takes no {@code [[forward]]} behind an array of that name. */
    @ParameterizedTest
    @MethodSource("arrays")
    void forwardsThatAreOneArrayGetTheNewOnesIntoIt(String before, String after) throws Exception {
        assertMerged(before + "\n[wsl]\naddress = \"192.0.2.7\"\n", after + "\n[wsl]\naddress = \"192.0.2.7\"\n");
        assertMerged("wsl.address = \"192.0.2.7\"\n" + before, "wsl.address = \"192.0.2.7\"\n" + after);
        assertMerged(
                "\ufeffwsl.address = \"192.0.2.7\"\r\n" + before.replace("\n", "\r\n") + "\r\n",
                "\ufeffwsl.address = \"192.0.2.7\"\r\n" + after.replace("\n", "\r\n") + "\r\n");
    }

    private void assertMerged(String before, String after) throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), before);
        String rule = "add v4tov4 listenport=3000 connectaddress=192.0.2.7 listenaddress=0.0.0.0\n";

        assertThat(importing(rule, "--merge", "--config", config.toString()))
                .as(err.toString())
                .isZero();

        String added = "{ name = \"tcp-3000\", listen = \"0.0.0.0:3000\", target = \"wsl:3000\" }";
        assertThat(Files.readString(config)).isEqualTo(after.replace("NEW", added));
        assertThat(ConfigFile.read(config).forwards()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wsl.command = ['x']\nauto.ports = ['8000-8100']",
                "wsl = { command = ['x'] }\nauto = { ports = ['8000-8100'] }",
                "[wsl]\ncommand = ['x']\n[auto]\nports = [\n  '8000-8100', # [[forward]]\n]\n[log]\nlevel = 'info'",
                "[[forward]]\nport = 80\n[wsl]\naddress = '192.0.2.7'",
                "[[forward]]\nport = 80\n[ wsl ] # here\naddress = '192.0.2.7'\n\n\n"
            })
    void everyOtherFormThatCheckAcceptsGetsThemAtItsEnd(String before) throws Exception {
        for (String lineEnd : List.of("\n", "\r\n")) {
            String text = before.replace("\n", lineEnd);
            Path config = Files.writeString(folder.resolve("proxy.toml"), text);
            String rule = "add v4tov4 listenport=3000 connectaddress=192.0.2.7 listenaddress=0.0.0.0\n";

            assertThat(importing(rule, "--merge", "--config", config.toString()))
                    .as(err.toString())
                    .isZero();

            assertThat(Files.readString(config)).startsWith(text);
            assertThat(ConfigFile.read(config).forwards()).map(Forward::name).contains("tcp-3000");
        }
    }

    @Test
    void namesThatAreTakenAreNotUsedAgain() throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), CONFIG.replace("web", "tcp-3000"));

        assertThat(importing(TWO_RULES, "--merge", "--config", config.toString()))
                .isZero();

        assertThat(ConfigFile.read(config).forwards()).map(Forward::name).containsExactly("tcp-3000", "tcp-3000-2");
    }

    @Test
    void ifTheWholeWouldBeInvalidNothingIsWritten() throws Exception {
        String text = CONFIG.replace("wsl:80", "wsl:81");
        Path config = Files.writeString(folder.resolve("proxy.toml"), text);

        assertThat(importing(TWO_RULES, "--merge", "--config", config.toString()))
                .isEqualTo(ExitCode.USAGE);

        assertThat(config).hasContent(text);
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith(config + ":12:")
                                .contains("listen 0.0.0.0:8080 is taken by forward \"web\""),
                        last -> assertThat(last)
                                .endsWith(" would not be valid with these forwards, so it was left as it is"));
        assertNothingElseIsLeft();
    }

    @Test
    void anInvalidOrMissingFileIsReportedAsCheckDoes() throws Exception {
        Path config = Files.writeString(folder.resolve("proxy.toml"), "nonsense = 1\n");

        assertThat(importing(TWO_RULES, "--merge", "--config", config.toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("proxy.toml:1:1: ");
        assertThat(config).hasContent("nonsense = 1\n");
        assertThat(importing(
                        TWO_RULES, "--merge", "--config", folder.resolve("none").toString()))
                .isEqualTo(ExitCode.USAGE);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "port = 3000",
                "listen = \"[::]:3000\"",
                "listen = [\"0.0.0.0:2990-3010\"]\ntarget = \"wsl:2990-3010\"",
                "protocol = \"tcp+udp\"\nport = 3000"
            })
    void aForwardThatDoesTheSameInOtherWordsIsThereAlready(String same) throws Exception {
        String text = CONFIG + "[[forward]]\nname = \"other\"\n" + same + "\n";
        Path config = Files.writeString(folder.resolve("proxy.toml"), text);

        assertThat(importing(TWO_RULES, "--merge", "--config", config.toString()))
                .isZero();

        assertThat(config).hasContent(text);
        assertThat(printed()).contains("0.0.0.0:3000 -> wsl:3000 is there already: other");
    }

    private void assertNothingElseIsLeft() throws Exception {
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString().toLowerCase(Locale.ROOT)))
                    .containsExactlyInAnyOrder("dump.txt", "proxy.toml");
        }
    }
}
