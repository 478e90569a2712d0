package io.github.wslproxy.config;

import static io.github.wslproxy.config.ConfigText.ONE;
import static io.github.wslproxy.config.ConfigText.assertProblem;
import static io.github.wslproxy.config.ConfigText.parse;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.config.Settings.LogSettings;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.os.OperatingSystem;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.target.WslSettings.OnStopped;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Reads the tables of the file that have no parser of their own, and what holds between tables. */
class SettingsParserTest {
    @Test
    void oneForwardAndDefaultsForEverythingElse() throws ConfigException {
        Settings settings = parse(ONE);

        assertThat(settings.wsl())
                .isEqualTo(new WslSettings(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        OnStopped.REFUSE,
                        Duration.ofSeconds(30),
                        OperatingSystem.isWindows()));
        assertThat(settings.status().listen()).contains(new InetSocketAddress(ip("127.0.0.1"), 9797));
        assertThat(settings.log()).isEqualTo(new LogSettings(Level.INFO, Optional.empty()));
        Forward forward = settings.forwards().get(0);
        assertThat(forward.name()).isEqualTo("tcp-5173");
        assertThat(forward.protocols()).containsExactly(Protocol.TCP);
        assertThat(forward.listens()).hasToString("[*:5173]");
        assertThat(forward.target()).hasToString("wsl:5173");
        assertThat(forward.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(125),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(5)));
        assertThat(forward.limits()).isEqualTo(new Limits(1024, 256, 1024, 128));
        assertThat(forward.proxyProtocol()).isEqualTo(ProxyProtocol.OFF);
    }

    @Test
    void everyKeyIsRead() throws ConfigException {
        Settings settings = parse("""
                [wsl]
                command = ["sh", "-c", ""]
                interval = "200ms"
                timeout = "1m1s1ms"
                on_stopped = "wake"
                hold = "1m30s"
                [status]
                listen = "LOCALHOST:81"
                [log]
                level = "debug"
                file = "logs/../proxy.log"
                [[forward]]
                name = "spiel \u00e4"
                protocol = "tcp+udp"
                listen = ["0.0.0.0:8000-8010", "[::]:8000-8010", "[::ffff:127.0.0.1]:9000-9010"]
                target = "db.example.org:9000-9010"
                allow = ["any"]
                deny = ["10.1.2.3"]
                connect_timeout = "10ms"
                idle_timeout = "0s"
                half_close_timeout = "0h0ms"
                keep_alive = "0s"
                udp_idle_timeout = "24h"
                max_connections = 1
                max_connections_per_client = 1_000_000
                max_sessions = 0x10
                max_sessions_per_client = 4
                proxy_protocol = "off"
                """);

        assertThat(settings.wsl().command()).containsExactly("sh", "-c", "");
        assertThat(settings.wsl().interval()).hasMillis(200);
        assertThat(settings.wsl().timeout()).hasMillis(61_001);
        assertThat(settings.wsl().onStopped()).isEqualTo(OnStopped.WAKE);
        assertThat(settings.wsl().hold()).hasSeconds(90);
        assertThat(settings.status().listen()).contains(new InetSocketAddress(ip("127.0.0.1"), 81));
        assertThat(settings.log().level()).isEqualTo(Level.DEBUG);
        assertThat(settings.log().file()).contains(Path.of("proxy.log").toAbsolutePath());
        Forward forward = settings.forwards().get(0);
        assertThat(forward.name()).isEqualTo("spiel \u00e4");
        assertThat(forward.protocolWord()).isEqualTo("tcp+udp");
        assertThat(forward.listens()).hasToString("[0.0.0.0:8000-8010, [::]:8000-8010, 127.0.0.1:9000-9010]");
        assertThat(forward.target()).hasToString("db.example.org:9000-9010");
        assertThat(forward.timeouts())
                .isEqualTo(new Timeouts(
                        Duration.ofMillis(10), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofDays(1)));
        assertThat(forward.limits()).isEqualTo(new Limits(1, 1_000_000, 16, 4));
        assertThat(forward.access().permits(ip("8.8.8.8"))).isTrue();
        assertThat(forward.access().permits(ip("10.1.2.3"))).isFalse();
    }

    @Test
    void statusCanBeSwitchedOff() throws ConfigException {
        Settings settings = parse("[status]\nlisten = \"off\"\n[[forward]]\nport = 9797\n");

        assertThat(settings.status().listen()).isEmpty();
    }

    @Test
    void withoutBuiltInProbeTheFileHasToSayWhereWslIs() throws ConfigException {
        assertProblem(
                "[wsl]\n" + ONE,
                FakeComputer.linux(),
                "t:1:1: [wsl]: outside Windows wslproxy cannot find WSL by itself (expected address or command, which say where it is)");
        assertThat(parse("[wsl]\naddress = \"10.0.0.2\"\n" + ONE, FakeComputer.linux())
                        .wsl()
                        .address())
                .contains(ip("10.0.0.2"));
        assertThat(parse("[wsl]\ncommand = [\"echo\"]\n" + ONE, FakeComputer.linux())
                        .wsl()
                        .command())
                .containsExactly("echo");
        assertThat(parse(ONE + "target = \"10.0.0.2:80\"\n", FakeComputer.linux())
                        .forwards())
                .hasSize(1);
        assertProblem(
                "[[forward]]\nlisten = \"wsl:80\"\ntarget = \"127.0.0.1:80\"\n",
                FakeComputer.linux(),
                "t:1:1: [wsl]: outside Windows wslproxy cannot find WSL by itself");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void localhostIsTriedOrNot(boolean localhost) throws Exception {
        assertThat(parse("[wsl]\nlocalhost = " + localhost + "\n" + ONE).wsl().localhost())
                .isEqualTo(localhost);
        assertThat(parse(ONE).wsl().localhost()).isEqualTo(OperatingSystem.isWindows());
    }

    @ParameterizedTest(name = "{0}, hold {1}")
    @CsvSource({
        "on_stopped = ~refuse~, hold = ~30s~, REFUSE, PT30S",
        "on_stopped = ~hold~, '', HOLD, PT30S",
        "on_stopped = ~wake~, '', WAKE, PT30S",
        "on_stopped = ~hold~, hold = ~100ms~, HOLD, PT0.1S",
        "on_stopped = ~wake~, hold = ~10m~, WAKE, PT10M",
        "'', hold = ~5s~, REFUSE, PT5S"
    })
    void whatAClientGetsWhileTheVmIsDown(String onStopped, String hold, OnStopped expected, Duration expectedHold)
            throws ConfigException {
        WslSettings wsl = parse("[wsl]\n" + (onStopped + "\n" + hold).replace('~', '"') + "\n" + ONE)
                .wsl();

        assertThat(wsl.onStopped()).isEqualTo(expected);
        assertThat(wsl.hold()).isEqualTo(expectedHold);
    }

    @Test
    void listenersThatDoNotMeetAreLegal() throws ConfigException {
        String text = """
                [[forward]]
                name = "both families"
                listen = ["0.0.0.0:80", "[::]:80"]
                [[forward]]
                protocol = "udp"
                port = 80
                [[forward]]
                name = "v4"
                listen = ["127.0.0.1:81", "127.0.0.2:81", "[::1]:81", "192.168.1.10:81"]
                [[forward]]
                name = "links"
                listen = ["[fe80::1%1]:82", "[fe80::1%2]:82", "0.0.0.0:82"]
                [[forward]]
                name = "unknown"
                listen = ["unknown.example.org:83", "0.0.0.0:83"]
                """;

        assertThat(parse(text).forwards()).hasSize(5);
    }

    @Test
    void listsAreNotEndless() {
        assertProblem(
                ONE + "deny = [" + "\"10.0.0.1\", ".repeat(1001) + "]\n",
                "t:3:1: forward 1: deny has 1001 elements (expected at most 1000)");
    }
}
