package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.ProcessRunner;
import io.github.wslproxy.testing.FakeRunner;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WslExeTest {

    @Test
    void eachLineIsAName() {
        assertThat(WslExe.names("Ubuntu-22.04\n\n My_Distribution \n"))
                .containsExactly("Ubuntu-22.04", "My_Distribution");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--shutdown", "-e", "a\"b", "a\u001b[31mb", "a\u202eb", "a\u2028b", "a\u0007"})
    void whatWouldBeAnOptionOrCommandATerminalIsNoName(String line) {
        assertThat(WslExe.names(line + "\nUbuntu\n")).doesNotContain(line).contains("Ubuntu");
    }

    @Test
    void thoseOfDockerRancherAndPodmanCountOnlyWhereTheyAreNamed() {
        List<String> running = List.of("docker-desktop", "rancher-desktop", "podman-machine-default");

        assertThat(WslExe.candidates(running, Optional.empty())).isEmpty();
        assertThat(WslExe.candidates(running, Optional.of("Docker-Desktop"))).containsExactly("docker-desktop");
        assertThat(WslExe.candidates(List.of("docker-desktop", "Debian"), Optional.empty()))
                .containsExactly("Debian");
    }

    @Test
    void whatIsLongerThanANameCanBeIsNone() {
        assertThat(WslExe.names("x".repeat(255) + "\n" + "y".repeat(256))).containsExactly("x".repeat(255));
    }

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String OUTPUT = """
            nat
            --addresses--
            172.30.98.229
            --sockets--
            /proc/net/tcp:   1: 0100007F:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1
            --proc--
            --sessions-- 7
            """;

    private final FakeRunner runner = new FakeRunner();
    private final WslExe wsl = new WslExe(() -> "wsl.exe", runner);

    @Test
    void whoListensIsAskedInOneCallOfTheOneThatRuns() {
        runner.thenPrints("docker-desktop\r\nUbuntu\r\n").thenPrints(OUTPUT);

        GuestScan look = wsl.look(Optional.empty(), LIMIT);

        assertThat(look)
                .isEqualTo(new GuestScan.Seen(
                        "Ubuntu", "nat", List.of(new GuestSocket(Protocol.TCP, ip("127.0.0.1"), 5173, false))));
        assertThat(runner.ranSince())
                .containsExactly("wsl.exe -l --running -q", "wsl.exe -d Ubuntu -e sh -c " + GuestScript.text(true));
    }

    @Test
    void aDistributionOfWsl1IsPassedOverWhileAnotherRuns() {
        runner.thenPrints("Legacy\r\nUbuntu\r\n")
                .thenPrints(OUTPUT.replace("nat", "wsl1"))
                .thenPrints(OUTPUT);

        assertThat(wsl.look(Optional.empty(), LIMIT))
                .isInstanceOfSatisfying(GuestScan.Seen.class, seen -> assertThat(seen.distribution())
                        .isEqualTo("Ubuntu"));
    }

    @Test
    void aStoppedVmIsNotWoken() {
        runner.thenPrints("").thenPrints("Debian\n");

        assertThat(wsl.look(Optional.empty(), LIMIT)).isEqualTo(new GuestScan.Asleep("the VM is not running"));
        assertThat(wsl.look(Optional.of("Ubuntu"), LIMIT)).isEqualTo(new GuestScan.Asleep("Ubuntu is not running"));
        assertThat(runner.ranSince()).containsOnly("wsl.exe -l --running -q");
    }

    @Test
    void whatCouldNotBeReadIsNotTakenForNobody() {
        runner.thenPrints("Ubuntu\n").thenPrints("nat\n--addresses--\n--sockets--\n--sessions-- 7\n");
        assertThat(wsl.look(Optional.empty(), LIMIT))
                .isEqualTo(new GuestScan.Unreadable("/proc/net could not be read in Ubuntu"));

        runner.thenPrints("Ubuntu\n").thenPrints("");
        assertThat(wsl.look(Optional.empty(), LIMIT)).isInstanceOf(GuestScan.Unreadable.class);

        runner.thenPrints("Ubuntu\n").then(new CommandResult.TimedOut("", LIMIT));
        assertThat(wsl.look(Optional.empty(), LIMIT)).isInstanceOf(GuestScan.Unreadable.class);

        runner.then(FakeRunner.ended(-1, "Error code: Wsl/E_FAIL"));
        assertThat(wsl.look(Optional.empty(), LIMIT)).isInstanceOf(GuestScan.Unreadable.class);
    }

    @Test
    void theDistributionsAreListedWithoutStartingOne() {
        runner.thenPrints("Ubuntu\r\nDebian\r\n").then(FakeRunner.ended(-1, ""));

        assertThat(wsl.distributions(LIMIT)).contains(List.of("Ubuntu", "Debian"));
        assertThat(wsl.distributions(LIMIT)).isEmpty();
        assertThat(runner.ranSince()).containsOnly("wsl.exe -l -q");
    }

    @Test
    void theScriptPassesThroughWindowsUnchanged() {
        assertThat(GuestScript.text(true))
                .doesNotContain("\"")
                .doesNotContain("\\")
                .doesNotContain("'")
                .matches("[ -~]+");
    }

    @Test
    void theScriptFindsARealListener() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, ip("127.0.0.1"))) {
            CommandResult result = new ProcessRunner(Optional.empty(), 1 << 20)
                    .run(List.of("sh", "-c", GuestScript.text(true)), LIMIT);

            assertThat(result).isInstanceOfSatisfying(CommandResult.Ended.class, ended -> {
                GuestScript output = new GuestScript(ended.output());
                assertThat(output.mode()).isEqualTo("nat");
                assertThat(output.sockets()).hasValueSatisfying(sockets -> assertThat(sockets)
                        .anyMatch(socket -> socket.port() == server.getLocalPort()
                                && socket.address().equals(ip("127.0.0.1"))
                                && socket.protocol() == Protocol.TCP));
            });
        }
    }
}
