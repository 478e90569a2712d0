package io.github.wslproxy.e2e;

import static io.github.wslproxy.testing.Loopback.freePort;
import static io.github.wslproxy.testing.Loopback.listens;
import static io.github.wslproxy.testing.Loopback.openLink;
import static io.github.wslproxy.testing.Loopback.turnsAway;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import io.github.wslproxy.testing.TcpPeer;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person or a script sees of the packaged program: its words and its exit status. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a POSIX shell, its signals, and many loopback addresses")
class ProgramIT extends ProgramFixture {
    // ---- words and exit status

    @Test
    void checkPrintsEachProblemWithItsPlaceAndNothingElse() throws Exception {
        Path config = write("""
                [wsl]
                address = "127.0.0.2"
                [[forward]]
                port = 99999
                colour = "red"
                [[forward]]
                name = "b"
                """);

        Shell.Result check = Program.run("check", "--config", config.toString());

        assertThat(check.status()).isEqualTo(2);
        assertThat(check.out()).isEmpty();
        assertThat(check.err().lines())
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(line -> line.matches(Pattern.quote(config.toString()) + ":\\d+:\\d+: .+"))
                .anyMatch(line -> line.startsWith(config + ":4:") && line.contains("99999"))
                .anyMatch(line -> line.startsWith(config + ":5:1: ") && line.contains("colour"));
    }

    @Test
    void aBrokenFileStopsEveryCommandThatReadsItWithTheSameLines() throws Exception {
        Path config = write("[wsl\n");
        Shell.Result check = Program.run("check", "--config", config.toString());

        for (String[] arguments : new String[][] {{}, {"probe"}}) {
            Shell.Result other = Program.run(withConfig(config, arguments));
            assertThat(other.status()).isEqualTo(2);
            assertThat(other.out()).isEmpty();
            assertThat(other.err()).isEqualTo(check.err());
        }
    }

    @Test
    void checkPrintsThePlanOfAGoodFile() throws Exception {
        Path config = write("""
                [wsl]
                command = ["sh", "-c", "cat address"]
                [[forward]]
                name = "game"
                protocol = "tcp+udp"
                listen = ["0.0.0.0:8000-8010", "[::]:8000-8010"]
                target = "wsl:9000-9010"
                [[forward]]
                port = 443
                proxy_protocol = "off"
                [[forward]]
                port = 80
                [[forward]]
                port = 53
                protocol = "tcp+udp"
                [[forward]]
                port = 123
                protocol = "udp"
                [defaults]
                proxy_protocol = "v2"
                """);

        Shell.Result check = Program.run("check", "--config", config.toString());

        assertThat(check.status()).isZero();
        assertThat(check.err()).isEmpty();
        assertThat(check.out())
                .containsPattern("game +tcp\\+udp +0\\.0\\.0\\.0:8000-8010 \\[::]:8000-8010 +wsl:9000-9010")
                .containsPattern("\\*:443 +wsl:443 +private\\R")
                .containsPattern("\\*:80 +wsl:80 \\(proxy_protocol v2\\) +private\\R")
                .containsPattern("\\*:53 +wsl:53 \\(proxy_protocol v2, tcp only\\) +private\\R")
                .containsPattern("\\*:123 +wsl:123 +private\\R")
                .contains("sh -c 'cat address'")
                .contains("is valid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--frobnicate", "frobnicate", "check --frobnicate", "demo --for soon", "--config"})
    void wrongUsageIsExplainedOnStderr(String line) throws Exception {
        Shell.Result result = Program.run(line.split(" "));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("wslproxy").doesNotContain("\tat ");
        assertThat(result.err().lines().findFirst().orElse("")).containsAnyOf(line.split(" "));
    }

    @Test
    void tellsItsVersion() throws Exception {
        String version = Program.run("--version").orFail().out();

        assertThat(version).matches("wslproxy \\d+\\.\\d+\\S*, Java \\d+\\S*\\R");
        assertThat(Program.run("check", "--version").orFail().out()).isEqualTo(version);
    }

    @Test
    void aMissingConfigurationIsOneLine() throws Exception {
        Shell.Result result =
                Program.run("--config", folder.resolve("none.toml").toString());

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .contains("none.toml")
                .contains("--config");
    }

    @Test
    void initWritesAConfigurationOnceAndNeverOverIt() throws Exception {
        Path config = folder.resolve("new/folder/proxy.toml");
        assertThat(Program.run("init", "--config", config.toString()).orFail().out())
                .contains(config.toString());
        String edited = Files.readString(config) + "# mine\n";
        Files.writeString(config, edited);

        Shell.Result again = Program.run("init", "--config", config.toString());

        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err().lines()).singleElement().asString().contains("exists already");
        assertThat(config).hasContent(edited);
    }

    @Test
    void whatInitWritesIsValidOnceItSaysWhereWslIs() throws Exception {
        Path config = folder.resolve("proxy.toml");
        Program.run("init", "--config", config.toString()).orFail();

        Shell.Result asWritten = Program.run("check", "--config", config.toString());
        assertThat(asWritten.status()).isEqualTo(2);
        assertThat(asWritten.err().lines())
                .singleElement()
                .asString()
                .contains("outside Windows wslproxy cannot find WSL by itself")
                .contains("address")
                .contains("command");

        Files.writeString(config, Files.readString(config).replace("#address = ", "address = "));
        Program.run("check", "--config", config.toString()).orFail();
    }

    @Test
    void initSaysWhatIsInTheWayOfItsFolder() throws Exception {
        Path file = write("");

        Shell.Result result =
                Program.run("init", "--config", file.resolve("proxy.toml").toString());

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err().lines()).singleElement().asString().endsWith(file + " is not a folder");
        assertThat(Program.run("init", "--config", "/").err().lines())
                .singleElement()
                .asString()
                .doesNotContain("unexpected");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void verboseShowsWhereAFailureCameFromWhereverItStands(boolean first) throws Exception {
        Path there = write("");
        Shell.Result result = first
                ? Program.run("--verbose", "init", "--config", there.toString())
                : Program.run("init", "--config", there.toString(), "--verbose");

        assertThat(result.err()).contains("exists already").contains("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.2, 0, WSL is at 127.0.0.2",
        "'', 1, WSL is stopped",
        "There is no such distribution., 1, Asking WSL failed",
        "127.0.0.2 127.0.0.3, 1, no address could be chosen",
    })
    void probeShowsWhatCameBackAndWhatWasMadeOfIt(String printed, int status, String outcome) throws Exception {
        Path config = write(forward("web", freePort(), 8000) + command("echo", printed));

        Shell.Result probe = Program.run("probe", "--config", config.toString());

        assertThat(probe.status()).isEqualTo(status);
        assertThat(probe.out())
                .containsPattern("ran \\S*echo ")
                .contains(printed)
                .contains(outcome);
        assertThat(probe.err()).isEmpty();
    }

    // ---- running

    @Test
    void tellsOnceWhatRunsAndForwards() throws Exception {
        try (TcpPeer web = TcpPeer.at(VM, TcpPeer::echo)) {
            int port = freePort();
            Path config = write(forward("web", port, web.port()) + command("echo", VM));
            try (Program program = new Program(folder, "--config", config.toString()).awaitStart()) {
                assertThat(program.out()).contains("WSL is at " + VM);
                assertThat(program.out().lines())
                        .filteredOn(line -> line.startsWith("web  "))
                        .singleElement()
                        .asString()
                        .contains("127.0.0.1:" + port, "wsl:" + web.port() + " = " + VM + ":" + web.port());
                try (Socket client = openLink(port)) {
                    assertThat(client.isConnected()).isTrue();
                }
                assertThat(program.err()).doesNotContain("WARN", "ERROR");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "There is no such distribution.", "127.0.0.2 127.0.0.3"})
    void withoutAnAddressItRunsAndSaysWhyClientsAreRefused(String printed) throws Exception {
        int port = freePort();
        Path config = write(forward("web", port, 8000) + command("echo", printed));
        try (Program program = new Program(folder, "--config", config.toString()).awaitStart()) {
            assertThat(program.out()).contains("WSL is stopped; new clients are refused until it is back (");
            assertThat(turnsAway(port)).isTrue();
            Await.until(() -> program.err().contains("refused"));
        }
    }

    @Test
    void theStatusAddressAnswersInJson() throws Exception {
        int status = freePort();
        Path config = write("[status]\nlisten = '127.0.0.1:" + status + "'\n" + forwardTable("web", freePort(), 8000)
                + command("echo", VM));
        try (Program program = new Program(folder, "--config", config.toString()).awaitStart()) {
            Await.until(() -> program.out().contains("http://127.0.0.1:" + status + "/"));
            assertThat(get(status, "/api/status"))
                    .containsPattern("\"state\": \"up\"")
                    .containsPattern("\"address\": \"127\\.0\\.0\\.2\"")
                    .containsPattern("\"name\": \"web\"")
                    .containsPattern("\"state\": \"listening\"");
            assertThat(get(status, "/metrics")).contains("# TYPE");
        }
    }

    @Test
    void aPortThatIsTakenIsOneClearLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            Path config = write(forward("web", taken.getLocalPort(), 8000) + command("echo", VM));

            Shell.Result result = Program.run("--config", config.toString());

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).doesNotContain("\tat ", "Exception");
            assertThat(result.err().lines())
                    .filteredOn(line -> line.startsWith("wslproxy: "))
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1:" + taken.getLocalPort(), "in use");
        }
    }

    @Test
    void logsToTheFileThatIsNamed() throws Exception {
        Path config = write("[log]\nfile = 'logs/own.log'\n" + forward("web", freePort(), 8000) + command("echo", VM));
        try (Program program = new Program(folder, "--config", config.toString()).awaitStart()) {
            program.signal("TERM");
            assertThat(program.awaitEnd(SOON)).isZero();
            assertThat(program.err()).isEmpty();
        }
        assertThat(folder.resolve("logs/own.log")).content().contains("WSL is at " + VM);
    }

    @Test
    void aReaderThatGoesAwayNeitherEndsItNorHangsIt() throws Exception {
        int port = freePort();
        Path config = write(forward("web", port, 8000) + command("echo", VM));
        assertThat(Shell.run("sh", "-c", Program.LAUNCHER + " check --config " + config + " | head -n 1")
                        .orFail()
                        .out())
                .startsWith("FORWARD");

        Process deaf = new ProcessBuilder(Program.command("--config", config.toString())).start();
        try {
            deaf.getInputStream().close();
            deaf.getErrorStream().close();
            Await.until(() -> listens(port));
            deaf.destroy();
            assertThat(deaf.waitFor(SOON.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
            assertThat(deaf.exitValue()).isZero();
        } finally {
            deaf.destroyForcibly();
        }
    }

    // ---- demo

    @Test
    void theDemoHolds() throws Exception {
        Shell.Result demo = Program.run("demo", "--for", "10s");

        assertThat(demo.status()).as(demo.out() + demo.err()).isZero();
        assertThat(demo.out()).contains("Held:").doesNotContain("\u001b", "Broken:");
        assertThat(demo.err()).isEmpty();
    }

    private static String get(int port, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
