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
    private static final String SS_OUTPUT = """
            nat
            --sockets--
            tcp   LISTEN 0 511 127.0.0.1:5173 0.0.0.0:* users:(("node",pid=42,fd=21))
            tcp   LISTEN 0 128 *:22 *:*
            --ss--
            --commands--
              PID COMMAND
                1 /sbin/init
               42 node /home/u/app/node_modules/.bin/vite
            """;

    private final FakeRunner wsl = new FakeRunner();
    private final WslGuest guest = new WslGuest(() -> "wsl.exe", wsl);

    @Test
    void whoListensIsAskedInOneCallOfTheOneThatRuns() {
        wsl.thenPrints("docker-desktop\r\nUbuntu\r\n").thenPrints(SS_OUTPUT);

        GuestScan look = guest.look(Optional.empty(), LIMIT);

        assertThat(look)
                .isEqualTo(new GuestScan.Seen(
                        "Ubuntu",
                        "nat",
                        List.of(
                                new GuestSocket(
                                        Protocol.TCP,
                                        ip("127.0.0.1"),
                                        5173,
                                        false,
                                        "node /home/u/app/node_modules/.bin/vite"),
                                new GuestSocket(Protocol.TCP, ip("::"), 22, true, ""))));
        assertThat(wsl.ranSince())
                .containsExactly("wsl.exe -l --running -q", "wsl.exe -d Ubuntu -e sh -c " + SocketScript.TEXT);
    }

    @Test
    void aStoppedVmIsNotWoken() {
        wsl.thenPrints("").thenPrints("Debian\n");

        assertThat(guest.look(Optional.empty(), LIMIT)).isEqualTo(new GuestScan.Asleep("the VM is not running"));
        assertThat(guest.look(Optional.of("Ubuntu"), LIMIT)).isEqualTo(new GuestScan.Asleep("Ubuntu is not running"));
        assertThat(wsl.ranSince()).containsOnly("wsl.exe -l --running -q");
    }

    @Test
    void withoutSsTheKernelsTablesAreRead() {
        wsl.thenPrints("Alpine\n").thenPrints("""
                        nat
                        --sockets--
                        /proc/net/tcp:   1: 0100007F:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 1 1
                        --proc--
                        --commands--
                        """);

        assertThat(guest.look(Optional.empty(), LIMIT))
                .isEqualTo(new GuestScan.Seen(
                        "Alpine", "nat", List.of(new GuestSocket(Protocol.TCP, ip("127.0.0.1"), 5173, false, ""))));
    }

    @Test
    void whatCouldNotBeReadIsNotTakenForNobody() {
        wsl.thenPrints("Ubuntu\n").thenPrints("nat\n--sockets--\n--commands--\n");
        assertThat(guest.look(Optional.empty(), LIMIT))
                .isEqualTo(new GuestScan.Unreadable("neither ss nor /proc/net could be read in Ubuntu"));

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
        assertThat(SocketScript.TEXT)
                .doesNotContain("\"")
                .doesNotContain("\\")
                .doesNotContain("'")
                .matches("[ -~]+");
    }

    /** On the system of the tests, whichever of the two sources it has. */
    @Test
    void theScriptFindsARealListener() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, ip("127.0.0.1"))) {
            CommandResult result =
                    new ProcessRunner(Optional.empty(), 1 << 20).run(List.of("sh", "-c", SocketScript.TEXT), LIMIT);

            assertThat(result).isInstanceOfSatisfying(CommandResult.Ended.class, ended -> {
                SocketScript output = new SocketScript(ended.output());
                assertThat(output.mode()).isEqualTo("nat");
                assertThat(output.sockets()).hasValueSatisfying(sockets -> assertThat(sockets)
                        .anyMatch(socket -> socket.port() == server.getLocalPort()
                                && socket.address().equals(ip("127.0.0.1"))
                                && socket.protocol() == Protocol.TCP));
            });
        }
    }

    /** A program of that name that fails, as BusyBox would. */
    @Test
    void theScriptFindsARealListenerWithoutSs() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, ip("127.0.0.1"))) {
            String withoutSs = "ss() { return 127; }; " + SocketScript.TEXT;
            CommandResult result =
                    new ProcessRunner(Optional.empty(), 1 << 20).run(List.of("sh", "-c", withoutSs), LIMIT);

            assertThat(result).isInstanceOfSatisfying(CommandResult.Ended.class, ended -> assertThat(
                            new SocketScript(ended.output()).sockets())
                    .hasValueSatisfying(sockets -> assertThat(sockets)
                            .contains(
                                    new GuestSocket(Protocol.TCP, ip("127.0.0.1"), server.getLocalPort(), false, ""))));
        }
    }
}
