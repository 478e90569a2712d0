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

class WslGuestTest {
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

    private final FakeRunner wsl = new FakeRunner();
    private final WslGuest guest = new WslGuest(new WslExe(() -> "wsl.exe", wsl));

    @Test
    void whoListensIsAskedInOneCallOfTheOneThatRuns() {
        wsl.thenPrints("docker-desktop\r\nUbuntu\r\n").thenPrints(OUTPUT);

        GuestScan look = guest.look(Optional.empty(), LIMIT);

        assertThat(look)
                .isEqualTo(new GuestScan.Seen(
                        "Ubuntu", "nat", List.of(new GuestSocket(Protocol.TCP, ip("127.0.0.1"), 5173, false))));
        assertThat(wsl.ranSince())
                .containsExactly("wsl.exe -l --running -q", "wsl.exe -d Ubuntu -e sh -c " + GuestScript.text(true));
    }

    @Test
    void aStoppedVmIsNotWoken() {
        wsl.thenPrints("").thenPrints("Debian\n");

        assertThat(guest.look(Optional.empty(), LIMIT)).isEqualTo(new GuestScan.Asleep("the VM is not running"));
        assertThat(guest.look(Optional.of("Ubuntu"), LIMIT)).isEqualTo(new GuestScan.Asleep("Ubuntu is not running"));
        assertThat(wsl.ranSince()).containsOnly("wsl.exe -l --running -q");
    }

    @Test
    void whatCouldNotBeReadIsNotTakenForNobody() {
        wsl.thenPrints("Ubuntu\n").thenPrints("nat\n--addresses--\n--sockets--\n--sessions-- 7\n");
        assertThat(guest.look(Optional.empty(), LIMIT))
                .isEqualTo(new GuestScan.Unreadable("/proc/net could not be read in Ubuntu"));

        wsl.thenPrints("Ubuntu\n").thenPrints("");
        assertThat(guest.look(Optional.empty(), LIMIT)).isInstanceOf(GuestScan.Unreadable.class);

        wsl.thenPrints("Ubuntu\n").then(new CommandResult.TimedOut("", LIMIT));
        assertThat(guest.look(Optional.empty(), LIMIT)).isInstanceOf(GuestScan.Unreadable.class);

        wsl.then(FakeRunner.ended(-1, "Error code: Wsl/E_FAIL"));
        assertThat(guest.look(Optional.empty(), LIMIT)).isInstanceOf(GuestScan.Unreadable.class);
    }

    @Test
    void theDistributionsAreListedWithoutStartingOne() {
        wsl.thenPrints("Ubuntu\r\nDebian\r\n").then(FakeRunner.ended(-1, ""));

        assertThat(guest.distributions(LIMIT)).contains(List.of("Ubuntu", "Debian"));
        assertThat(guest.distributions(LIMIT)).isEmpty();
        assertThat(wsl.ranSince()).containsOnly("wsl.exe -l -q");
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
