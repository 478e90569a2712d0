package io.github.wslproxy.config;

import static io.github.wslproxy.testing.Forwards.ip;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.wslproxy.config.Settings.AutoSettings;
import io.github.wslproxy.config.Settings.LogSettings;
import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Limits;
import io.github.wslproxy.forward.Access.ListOrigin;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.forward.ProxyProtocol;
import io.github.wslproxy.forward.Timeouts;
import io.github.wslproxy.target.WslSettings.OnStopped;
import io.github.wslproxy.target.WslSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class ConfigFileTest {
    private static final String ONE = "[[forward]]\nport = 5173\n";

    @TempDir
    Path folder;

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
                        Duration.ofSeconds(30)));
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
    void theRealClientIsToldByDefaultWhereTcpIsForwarded() throws ConfigException {
        List<Forward> forwards = parse("""
                        [defaults]
                        proxy_protocol = "v2"
                        [[forward]]
                        port = 1
                        [[forward]]
                        port = 2
                        proxy_protocol = "v1"
                        [[forward]]
                        port = 3
                        protocol = "tcp+udp"
                        [[forward]]
                        port = 4
                        protocol = "tcp+udp"
                        proxy_protocol = "off"
                        [[forward]]
                        port = 5
                        protocol = "udp"
                        """).forwards();

        assertThat(forwards)
                .extracting(Forward::proxyProtocol)
                .containsExactly(
                        ProxyProtocol.V2, ProxyProtocol.V1, ProxyProtocol.V2, ProxyProtocol.OFF, ProxyProtocol.V2);
    }

    @Test
    void portsThatAppearByThemselvesNeedNoForward() throws ConfigException {
        Settings settings = parse("""
                [defaults]
                allow = ["192.168.1.0/24"]
                deny = ["192.168.1.66"]
                idle_timeout = "1m"
                max_sessions = 7
                [auto]
                ports = ["3000-3999", "5173", 8080]
                """);

        AutoSettings auto = settings.auto().orElseThrow();
        assertThat(settings.forwards()).isEmpty();
        assertThat(auto.ports()).hasToString("[3000-3999, 5173, 8080]");
        assertThat(auto.protocols()).containsExactly(Protocol.TCP);
        assertThat(auto.denied()).isEmpty();
        assertThat(auto.access().permits(ip("192.168.1.5"))).isTrue();
        assertThat(auto.access().permits(ip("192.168.1.66"))).isFalse();
        assertThat(auto.timeouts().idle()).hasMinutes(1);
        assertThat(auto.limits().sessions()).isEqualTo(7);
        assertThat(auto.wants(Protocol.TCP, 3999)).isTrue();
        assertThat(auto.wants(Protocol.TCP, 4000)).isFalse();
        assertThat(auto.wants(Protocol.UDP, 3999)).isFalse();
    }

    @Test
    void portsAndClientsThatAreDeniedAreToldApartByTheirForm() throws ConfigException {
        AutoSettings auto = parse("""
                [defaults]
                deny = ["192.168.1.66"]
                [auto]
                ports = "1-65535"
                protocol = "tcp+udp"
                deny = ["3306", "9229-9240", "10.0.0.0/8", "fd00::1"]
                allow = ["any"]
                """).auto().orElseThrow();

        assertThat(auto.denied()).hasToString("[3306, 9229-9240]");
        assertThat(auto.possible()).hasToString("[1-3305, 3307-9228, 9241-65535]");
        assertThat(auto.wants(Protocol.UDP, 9240)).isFalse();
        assertThat(auto.wants(Protocol.UDP, 9241)).isTrue();
        assertThat(auto.access().permits(ip("8.8.8.8"))).isTrue();
        assertThat(auto.access().denies(ip("10.1.2.3"))).isTrue();
        assertThat(auto.access().denies(ip("fd00::1"))).isTrue();
        assertThat(auto.access().denies(ip("192.168.1.66"))).isFalse();
    }

    @Test
    void whoIsDeniedByDefaultStaysSoWhereOnlyPortsAreNamed() throws ConfigException {
        AutoSettings auto = parse("""
                [defaults]
                deny = ["192.168.1.66"]
                [auto]
                ports = ["5173"]
                deny = ["9229"]
                """).auto().orElseThrow();

        assertThat(auto.access().denies(ip("192.168.1.66"))).isTrue();
    }

    @Test
    void eachListKnowsWhereItStandsSoThatARefusalCanNameIt() throws ConfigException {
        Settings settings = parse("""
                [defaults]
                deny = ["192.168.1.66", "192.168.1.67", "192.168.1.68", "192.168.1.69"]
                [auto]
                ports = ["5173"]
                allow = ["private", "8.8.8.8"]
                [[forward]]
                port = 80
                [[forward]]
                port = 81
                deny = [
                  "10.0.0.1",
                ]
                """);

        ListOrigin ofDefaults =
                new ListOrigin("[\"192.168.1.66\", \"192.168.1.67\", \"192.168.1.68\", ...]", "[defaults]", "t:2");
        ListOrigin builtIn = new ListOrigin("[\"private\"]", "", "");
        Access auto = settings.auto().orElseThrow().access();
        assertThat(auto.allowOrigin()).isEqualTo(new ListOrigin("[\"private\", \"8.8.8.8\"]", "[auto]", "t:5"));
        assertThat(auto.denyOrigin()).isEqualTo(ofDefaults);
        Access first = settings.forwards().get(0).access();
        assertThat(first.allowOrigin()).isEqualTo(builtIn);
        assertThat(first.denyOrigin()).isEqualTo(ofDefaults);
        Access second = settings.forwards().get(1).access();
        assertThat(second.denyOrigin()).isEqualTo(new ListOrigin("[\"10.0.0.1\"]", "", "t:10"));
        assertThat(settings.defaults().narrowed(List.of("10.0.0.0/8")).allowOrigin())
                .isEqualTo(new ListOrigin("[\"10.0.0.0/8\"]", "wslproxy share", ""));
    }

    @Test
    void portsThatAppearByThemselvesNeedSomebodyWhoLooks() {
        String only = "[auto]\nports = [\"5173\"]\n";

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.parse("proxy.toml", only.getBytes(UTF_8), FakeComputer.linux()))
                .withMessageContaining(
                        "outside Windows wslproxy cannot find WSL by itself (expected address or command");
    }

    @Test
    void forwardWinsOverDefaults() throws ConfigException {
        List<Forward> forwards = parse("""
                        [defaults]
                        allow = ["loopback"]
                        deny = ["127.0.0.3"]
                        idle_timeout = "1h"
                        max_connections = 7
                        [[forward]]
                        port = 1
                        [[forward]]
                        port = 2
                        allow = ["192.168.0.0/16"]
                        idle_timeout = "1m"
                        """).forwards();

        assertThat(forwards)
                .extracting(forward -> forward.timeouts().idle().toMinutes())
                .containsExactly(60L, 1L);
        assertThat(forwards)
                .extracting(forward -> forward.limits().connections())
                .containsExactly(7, 7);
        assertThat(forwards.get(0).access().permits(ip("127.0.0.1"))).isTrue();
        assertThat(forwards.get(1).access().permits(ip("127.0.0.1"))).isFalse();
        assertThat(forwards.get(1).access().deny()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "10.255.0.1, true",
        "172.16.0.1, true",
        "172.32.0.1, false",
        "192.168.255.255, true",
        "192.169.0.1, false",
        "169.254.1.1, true",
        "127.255.0.1, true",
        "8.8.8.8, false",
        "100.64.0.1, false",
        "::1, true",
        "fd12:3456::1, true",
        "fe80::1, true",
        "2001:db8::1, false",
        "::ffff:192.168.1.1, true",
        "::ffff:8.8.8.8, false",
        "fec0::1, false"
    })
    void privateIsTheDefaultAccess(String client, boolean permitted) throws ConfigException {
        assertThat(parse(ONE).forwards().get(0).access().permits(ip(client))).isEqualTo(permitted);
    }

    @Test
    void mappedBlockIsIpv4() throws ConfigException {
        Settings settings = parse(ONE + "allow = [\"::ffff:10.0.0.0/104\", \"::ffff:192.168.1.1\"]\n");

        assertThat(settings.forwards().get(0).access().allow()).hasToString("[10.0.0.0/8, 192.168.1.1/32]");
    }

    @ParameterizedTest
    @CsvSource({
        "'protocol = \"udp\"\nport = 53', udp-53",
        "'protocol = \"tcp+udp\"\nport = 53', tcp+udp-53",
        "'listen = [\"127.0.0.1:80-89\", \"[::1]:90-99\"]\ntarget = \"wsl:1-10\"', tcp-80-89",
    })
    void nameIsMadeOfProtocolAndFirstPorts(String keys, String name) throws ConfigException {
        assertThat(parse("[[forward]]\n" + keys + "\n").forwards().get(0).name())
                .isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "wsl:1, wsl:1",
        "WSL:65535, wsl:65535",
        "wsl:80-80, wsl:80",
        "host_1.example.org.:1, host_1.example.org.:1",
        "[::ffff:10.0.0.1]:1, 10.0.0.1:1",
        "[2001:db8::1]:1, [2001:db8::1]:1",
        "wsl.localdomain:1, wsl.localdomain:1"
    })
    void targetIsWslOrAnAddressOrAName(String target, String read) throws ConfigException {
        assertThat(parse(ONE + "target = \"" + target + "\"\n")
                        .forwards()
                        .get(0)
                        .target())
                .hasToString(read);
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

    @Test
    void theWindowsSideOfWslCanBeListenedOn() throws ConfigException {
        String text = """
                [[forward]]
                protocol = "tcp+udp"
                listen = ["WSL:5432-5433", "127.0.0.2:5432-5433"]
                target = "127.0.0.1:5432-5433"
                """;

        assertThat(parse(text).forwards())
                .singleElement()
                .satisfies(forward -> assertThat(forward.name()).isEqualTo("tcp+udp-5432-5433"))
                .satisfies(forward -> assertThat(forward.listens())
                        .map(Endpoint::toString)
                        .containsExactly("wsl:5432-5433", "127.0.0.2:5432-5433"));
    }

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
    void listsAreNotEndless() {
        assertProblem(
                ONE + "deny = [" + "\"10.0.0.1\", ".repeat(1001) + "]\n",
                "t:3:1: forward 1: deny has 1001 elements (expected at most 1000)");
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
    void theLogMayNotBeTheConfigurationOrALockOrAFolder() throws IOException {
        Path file = folder.resolve("proxy.toml");
        Files.createSymbolicLink(folder.resolve("link.log"), file);
        Files.createLink(folder.resolve("other.log"), Files.createFile(file));
        for (String log : List.of("proxy.toml", "./x/../proxy.toml", "link.log", "other.log", file.toString())) {
            assertLogIsRefused(file, log, " is this configuration itself (expected a file of its own,");
        }
        assertLogIsRefused(file, "run/1a2b.lock", " ends as the lock and the token of wslproxy do");
        assertLogIsRefused(file, ".", " is a folder");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void theLogMayNotBeAPipeWhoseReaderAStartWouldWaitFor() throws Exception {
        Path file = folder.resolve("proxy.toml");
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertLogIsRefused(file, "pipe", " is a pipe, and a start would wait for its reader");
    }

    private static void assertLogIsRefused(Path file, String log, String why) throws IOException {
        Files.writeString(file, "[log]\nfile = '" + log + "'\n" + ONE + "target = \"10.0.0.2:5173\"\n");

        assertReadFails(file, ":2:1: [log]: file \"" + log + "\"" + why);
    }

    @Test
    void whatListingsPrintMayStandInTheFile() throws ConfigException {
        Forward forward =
                parse("[[forward]]\nlisten = \"*:8000-8010\"\n").forwards().get(0);

        assertThat(forward)
                .isEqualTo(
                        parse("[[forward]]\nport = \"8000-8010\"\n").forwards().get(0));
        assertThat(forward.listens()).hasToString("[*:8000-8010]");
        assertThat(forward.target()).hasToString("wsl:8000-8010");
        assertThat(forward.name()).isEqualTo("tcp-8000-8010");
    }

    @Test
    void aForwardThatIsSwitchedOffIsInNobodysWay() throws ConfigException {
        Settings settings = parse("""
                [[forward]]
                name = "one"
                port = 80
                [[forward]]
                name = "off"
                enabled = false
                port = 80
                [[forward]]
                name = "off"
                enabled = false
                port = "1-60000"
                target = "localhost:1-60000"
                """);

        assertThat(settings.forwards()).map(Forward::name).containsExactly("one");
        assertThat(settings.switchedOff()).containsExactly("off", "off");
        assertThat(parse("[[forward]]\nenabled = false\nport = 80\n").forwards())
                .isEmpty();
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

    private static void assertReadFails(Path file, String problem) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.read(file))
                .withMessageStartingWith(file + problem)
                .satisfies(refused -> assertThat(refused.problems()).hasSize(1));
    }

    private static void assertProblem(String text, String... starts) {
        assertRefused(text.getBytes(UTF_8), FakeComputer.windows(), starts);
    }

    private static void assertProblem(byte[] bytes, String... starts) {
        assertRefused(bytes, FakeComputer.windows(), starts);
    }

    private static void assertProblem(String text, LocalComputer computer, String start) {
        assertRefused(text.getBytes(UTF_8), computer, start);
    }

    private static void assertRefused(byte[] bytes, LocalComputer computer, String... starts) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ConfigFile.parse("t", bytes, computer))
                .satisfies(refused -> {
                    assertThat(refused.problems()).hasSize(starts.length);
                    for (int i = 0; i < starts.length; i++) {
                        assertThat(refused.problems().get(i).toString()).startsWith(starts[i]);
                    }
                });
    }

    private static Settings parse(String text) throws ConfigException {
        return parse(text, FakeComputer.windows());
    }

    private static Settings parse(String text, LocalComputer computer) throws ConfigException {
        return ConfigFile.parse("t", text.getBytes(UTF_8), computer);
    }
}
