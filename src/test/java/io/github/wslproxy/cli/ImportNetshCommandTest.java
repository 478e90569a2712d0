package io.github.wslproxy.cli;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What import-netsh prints of the rules that it reads. */
class ImportNetshCommandTest extends ImportNetshFixture {
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
}
