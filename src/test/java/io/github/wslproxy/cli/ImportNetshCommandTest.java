package io.github.wslproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.config.ConfigFile;
import io.github.wslproxy.forward.Forward;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The whole command with a file; on Windows it would look at the computer it runs on too. */
class ImportNetshCommandTest {
    private static final String CONFIG = """
            # mine
            [wsl]
            address = "192.0.2.7"   # fixed

            [[forward]]
            name = "web"
            port = 8080
            target = "wsl:80"
            """;
    private static final String TWO_RULES = """
            add v4tov4 listenport=8080 connectaddress=172.28.176.1 connectport=80
            add v4tov4 listenport=3000 connectaddress=192.0.2.7 listenaddress=0.0.0.0
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void onlyTheFileIsAsked() {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "there are rules of this computer too");
    }

    private int run(String... arguments) {
        return Commands.line(new WslProxyCommand(), CommandLine.defaultFactory())
                .setExecutionExceptionHandler(new FailurePrinter())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int importing(String dump, String... more) throws Exception {
        Path file = Files.writeString(folder.resolve("dump.txt"), dump);
        List<String> arguments = new ArrayList<>(List.of("import-netsh", "--file", file.toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private List<String> printed() {
        return out.toString().lines().toList();
    }

    @Test
    void everyRuleBecomesAForwardOrIsListedWithTheReason() throws Exception {
        int status = importing("""

                Listen on ipv4:             Connect to ipv4:

                Address         Port        Address         Port
                --------------- ----------  --------------- ----------
                192.0.2.20      5432        db.example.org  5432
                0.0.0.0         3000        172.28.176.1    3000
                *               8080        172.19.4.7      80
                0.0.0.0         22          127.0.0.1       22
                192.0.2.20      3000        10.0.0.9        3000
                0.0.0.0         81&calc     10.0.0.9        81

                Listen on ipv4:             Connect to ipv6:

                Address         Port        Address         Port
                --------------- ----------  --------------- ----------
                192.0.2.20      5433        FD00:0::5       5432

                Listen on ipv6:             Connect to ipv4:

                Address         Port        Address         Port
                --------------- ----------  --------------- ----------
                *               3000        172.28.176.1    3000
                ::              3001        192.168.7.7     3001

                Listen on ipv6:             Connect to ipv6:

                Address         Port        Address         Port
                --------------- ----------  --------------- ----------
                2001:db8::20    5433        db.example.org  5432
                ::              3002        fd00::5         70000

                """);

        assertThat(out.toString().replace(System.lineSeparator(), "\n")).isEqualTo("""
                # The rules of netsh interface portproxy as forwards, by wslproxy import-netsh.
                # portproxy lets everybody in, wslproxy private addresses only: allow = ["any"] changes that.
                # Where this is used on another system than Windows, [wsl] address or command is needed too.

                [[forward]]
                name   = "tcp-3000"
                listen = ["0.0.0.0:3000", "[::]:3000"]
                target = "wsl:3000" # was 172.28.176.1, which looks like WSL's; if that is another computer, put its address back

                [[forward]]
                name   = "tcp-8080"
                listen = "0.0.0.0:8080"
                target = "wsl:80" # was 172.19.4.7, which looks like WSL's; if that is another computer, put its address back

                [[forward]]
                name   = "tcp-3001"
                listen = "[::]:3001" # takes IPv4 too
                target = "192.168.7.7:3001"

                [[forward]]
                name   = "tcp-5432"
                listen = "192.0.2.20:5432"
                target = "db.example.org:5432"

                [[forward]]
                name   = "tcp-5433"
                listen = "192.0.2.20:5433"
                target = "[fd00::5]:5432"

                [[forward]]
                name   = "tcp-5433-2"
                listen = "[2001:db8::20]:5433"
                target = "db.example.org:5432"

                # Not imported, with the command that deletes the rule, as administrator:
                #   v4tov4 0.0.0.0:22 -> 127.0.0.1:22
                #     forward "tcp-22": target 127.0.0.1:22 loops: "tcp-22" -> "tcp-22"
                #     If the server is in WSL, this is the forward:
                #       [[forward]]
                #       name   = "tcp-22"
                #       listen = "0.0.0.0:22"
                #       target = "wsl:22"
                #     netsh interface portproxy delete v4tov4 listenport=22 listenaddress=0.0.0.0
                #   v4tov4 192.0.2.20:3000 -> 10.0.0.9:3000
                #     forward "tcp-3000-2": listen 192.0.2.20:3000 is taken by forward "tcp-3000", 0.0.0.0:3000
                #     netsh interface portproxy delete v4tov4 listenport=3000 listenaddress=192.0.2.20
                #   0.0.0.0         81&calc     10.0.0.9        81
                #     it listens on port "81&calc", no number from 1 to 65535
                #   ::              3002        fd00::5         70000
                #     it connects to port "70000", no number from 1 to 65535
                #     netsh interface portproxy delete v6tov6 listenport=3002 listenaddress=::

                # The rules hold these ports until they are deleted, as administrator:
                #   netsh interface portproxy delete v4tov4 listenport=3000 listenaddress=0.0.0.0
                #   netsh interface portproxy delete v6tov4 listenport=3000
                #   netsh interface portproxy delete v4tov4 listenport=8080
                #   netsh interface portproxy delete v6tov4 listenport=3001 listenaddress=::
                #   netsh interface portproxy delete v4tov4 listenport=5432 listenaddress=192.0.2.20
                #   netsh interface portproxy delete v4tov6 listenport=5433 listenaddress=192.0.2.20
                #   netsh interface portproxy delete v6tov6 listenport=5433 listenaddress=2001:db8::20
                """);
        assertThat(status).isZero();
        assertCheckAccepts(out.toString(), 6);
    }

    private void assertCheckAccepts(String toml, int forwards) throws Exception {
        Path file = Files.writeString(folder.resolve("imported.toml"), toml + "[wsl]\naddress = \"192.0.2.1\"\n");
        assertThat(ConfigFile.read(file).forwards()).hasSize(forwards);
        assertThat(run("check", "--config", file.toString())).isZero();
    }

    @Test
    void aRegistryExportIsReadAsItIs() throws Exception {
        Path file = folder.resolve("portproxy.reg");
        Files.write(file, """
                \ufeffWindows Registry Editor Version 5.00

                [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp]
                "*/8080"="172.28.176.1/80"
                """.replace("\n", "\r\n").getBytes(UTF_16LE));

        assertThat(run("import-netsh", "--file", file.toString())).isZero();
        assertThat(printed())
                .contains("listen = \"0.0.0.0:8080\"")
                .anyMatch(line -> line.startsWith("target = \"wsl:80\""));
        assertCheckAccepts(out.toString(), 1);
    }

    @Test
    void whereNoRuleCanBeAForwardTheStatusSaysSo() throws Exception {
        assertThat(importing("add v4tov4 listenport=22 connectaddress=127.0.0.1\n"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(printed()).allMatch(line -> line.isEmpty() || line.startsWith("#"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "root:x:0:0:root:/root:/bin/bash\n", "\u0000\u0001"})
    void aFileWithoutRulesIsAFailure(String text) throws Exception {
        assertThat(importing(text)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("dump.txt has no portproxy rules in it (expected the output of netsh");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aFileThatIsNotThereIsAFailure() {
        assertThat(run("import-netsh", "--file", folder.resolve("none").toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).endsWith("none: there is no such file" + System.lineSeparator());
    }

    @Test
    void onOtherSystemsAFileIsNeeded() {
        assertThat(run("import-netsh")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--file");
    }

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
