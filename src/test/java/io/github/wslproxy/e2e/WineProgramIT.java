package io.github.wslproxy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the program does on a Windows JVM with sockets, files, the registry and the tools of Windows. Where sockets need
 * Windows' own rules, only what is asked of Windows is looked at, as Wine writes it down: see {@link WineJourneyIT}.
 */
@ExtendWith(OnWine.class)
@Timeout(180)
class WineProgramIT {
    private static final String HOME = "C:\\users\\J\u00f6rg M\u00fcller";
    private static final String CONFIG = HOME + "\\proxy.toml";

    private static final String EACH_FAMILY = """
            [[forward]]
            name   = "v4"
            listen = "0.0.0.0:8081"
            target = "wsl:8000"

            [[forward]]
            name   = "v6"
            listen = "[::]:8082"
            target = "wsl:8000"

            """;

    @TempDir
    Path folder;

    private final WineNetwork network;
    private final Wine windows;
    private final Host lan;

    WineProgramIT(WineNetwork network) {
        this.network = network;
        this.windows = network.windows();
        this.lan = network.lan();
    }

    @BeforeEach
    void startVm() throws Exception {
        network.startVm(folder);
    }

    @AfterEach
    void powerOff() throws Exception {
        network.vm().killPrograms();
        windows.host().killPrograms();
    }

    // ---- sockets

    @Test
    void aListenerAnswersOnTheFamiliesItNames() throws Exception {
        configure(EACH_FAMILY + """
                [[forward]]
                name   = "every"
                port   = 8083
                target = "wsl:8000"
                """);
        try (WineProgram program = start()) {
            assertThat(program.out()).doesNotContain("not listening");
            assertThat(overV4(8081)).isZero();
            assertThat(overV6(8081)).as("connection refused").isEqualTo(7);
            assertThat(overV4(8082)).isZero();
            assertThat(overV6(8082)).isZero();
            assertThat(overV4(8083)).isZero();
            assertThat(overV6(8083)).isZero();
        }
    }

    /**
     * Beside {@code wslrelay.exe} a listener needs neither exclusive use, which the JVM asks for by default, nor
     * SO_REUSEADDR, which on Windows takes ports away from others.
     */
    @Test
    void noSocketIsExclusiveNorTakesPortsAway() throws Exception {
        configure(EACH_FAMILY + """
                [[forward]]
                name     = "udp"
                protocol = "udp"
                listen   = "%s:8084"
                target   = "wsl:8000"
                """.formatted(WineNetwork.LAN_ADDRESS));
        try (WineProgram program = start("WINEDEBUG=+winsock")) {
            assertThat(overV4(8081)).isZero();

            WinsockTrace trace = new WinsockTrace(program.err());
            assertThat(trace.bound("0.0.0.0", 8081))
                    .startsWith("family 2, type 1")
                    .doesNotContain("IPV6_V6ONLY");
            assertThat(trace.bound("::", 8082)).startsWith("family 23, type 1").contains("IPV6_V6ONLY");
            assertThat(trace.bound(WineNetwork.LAN_ADDRESS, 8084)).startsWith("family 2, type 2");
            assertThat(program.err()).doesNotContain("SO_EXCLUSIVEADDRUSE", "SO_REUSEADDR");
        }
        try (WineProgram program = start("WINEDEBUG=+winsock", "WSLPROXY_JAVA_OPTS=-Dsun.net.useExclusiveBind=true")) {
            WinsockTrace trace = new WinsockTrace(program.err());
            assertThat(trace.bound("0.0.0.0", 8081)).contains("SO_EXCLUSIVEADDRUSE");
            assertThat(trace.bound("::", 8082)).contains("SO_EXCLUSIVEADDRUSE");
            assertThat(trace.bound(WineNetwork.LAN_ADDRESS, 8084)).contains("SO_EXCLUSIVEADDRUSE");
        }
    }

    /** The tools are stubs here: they print nothing, with status 0, and netstat names no process. */
    @Test
    void aPortInUseIsSaidWithoutAnOwnerWhereWindowsTellsNone() throws Exception {
        Process other = windows.host()
                .start(folder.resolve("other.log"), "python3", "-m", "http.server", "8085", "--bind", "0.0.0.0");
        Await.until(() -> windows.host()
                        .run("curl", "-s", "-o", "/dev/null", "http://127.0.0.1:8085/")
                        .status()
                == 0);
        configure("""
                [[forward]]
                name   = "taken"
                listen = "0.0.0.0:8085"
                target = "wsl:8000"

                [[forward]]
                name   = "free"
                listen = "0.0.0.0:8081"
                target = "wsl:8000"
                """);
        try (WineProgram program = start()) {
            assertThat(overV4(8081)).isZero();
            program.await(() -> program.err().contains("trying again"));

            other.destroyForcibly().waitFor();
            program.await(() -> program.err().contains("forward \"taken\" now listens on tcp 0.0.0.0:8085"));

            assertThat(overV4(8085)).isZero();
            program.interrupt();
            program.awaitEnd(Duration.ofSeconds(10));
            assertThat(program.err().lines().filter(line -> line.contains("forward \"taken\"")))
                    .hasSize(2)
                    .element(0)
                    .asString()
                    .contains(
                            "cannot listen on tcp 0.0.0.0:8085: the port is in use by another program, or not allowed by")
                    .endsWith("; trying again");
        }
    }

    private WineProgram start(String... variables) throws Exception {
        return WineProgram.start(
                        network,
                        folder,
                        Stream.concat(Stream.of(variables), Stream.of("--config", CONFIG))
                                .toArray(String[]::new))
                .awaitTable();
    }

    private int overV4(int port) throws Exception {
        return fetch(WineNetwork.LAN_ADDRESS + ":" + port);
    }

    private int overV6(int port) throws Exception {
        return fetch("[" + WineNetwork.LAN_ADDRESS_6 + "]:" + port);
    }

    /** The status of curl. */
    private int fetch(String place) throws Exception {
        return lan.run("curl", "-s", "-g", "-o", "/dev/null", "--max-time", "5", "http://" + place + "/")
                .status();
    }

    // ---- files

    @Test
    void problemsAreNamedWithTheirPlaceInAWindowsPath() throws Exception {
        configure("colour = 'red'\n[[forward]]\nport = 99999\n");

        Shell.Result check = network.run("check", "--config", CONFIG);

        check.orFailUnless(2);
        assertThat(check.out()).isEmpty();
        assertThat(check.err().lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(CONFIG + ":4:1: ") && line.contains("colour"))
                .anyMatch(line -> line.startsWith(CONFIG + ":6:1: ") && line.contains("99999"));
    }

    @Test
    void theConfigurationOfTheUserIsInAppDataAndNeedsNothingOnWindows() throws Exception {
        Path config = windows.file(appData() + "\\wslproxy\\proxy.toml");
        Files.deleteIfExists(config);
        Shell.Result none = commands().run("check");
        String written = commands().run("init").orFail().out();
        Shell.Result again = commands().run("init");
        Shell.Result check = commands().run("check");
        Files.deleteIfExists(config);

        none.orFailUnless(2);
        assertThat(none.err()).contains("AppData\\Roaming\\wslproxy\\proxy.toml");
        assertThat(written).contains("AppData\\Roaming\\wslproxy\\proxy.toml");
        assertThat(again.err()).contains("exists already");
        assertThat(check.orFail().out()).endsWith("proxy.toml is valid.\r\n");
    }

    private WineCommands commands() throws IOException {
        return network.commands();
    }

    private String appData() throws Exception {
        return windows.run("cmd.exe", "/c", "echo %APPDATA%").orFail().out().strip();
    }

    /** A log that another Windows program has open cannot be renamed. */
    @Test
    void theLogRollsWhileItIsFollowedAndFollowingGoesOn() throws Exception {
        String log = HOME + "\\logs\\wslproxy.log";
        Path file = windows.file(log);
        Path logs = Files.createDirectories(file.getParent());
        try (Stream<Path> earlier = Files.list(logs)) {
            for (Path each : earlier.toList()) {
                Files.delete(each);
            }
        }
        Files.writeString(file, "before\r\n");
        configure("[log]\nfile = '" + log + "'\n[[forward]]\nport = 8081\n");

        try (WineProgram following = WineProgram.start(network, folder, "logs", "--follow", "--config", CONFIG)) {
            following.await(() -> following.out().contains("before"));
            Shell.run(network.java(LogLines.class, log), Wine.CONSOLE).orFail();
            following.await(() -> following.out().contains(" 599 xxx"));
        }

        try (Stream<Path> files = Files.list(logs)) {
            assertThat(files.map(each -> each.getFileName().toString()).sorted())
                    .hasSize(2)
                    .first()
                    .isEqualTo("wslproxy.log");
        }
        assertThat(Files.size(file)).isLessThan(5 << 20);
    }

    // ---- tools

    /** They are stubs here: they print nothing, with status 0. */
    @Test
    void whatTheToolsDoNotTellIsNeitherFineNorDone() throws Exception {
        configure("[[forward]]\nname = 'web'\nport = 8081\ntarget = 'wsl:8000'\n");

        String doctor = commands().run("doctor", "--config", CONFIG).out();
        Shell.Result firewall = commands().run("firewall", "--apply", "--yes", "--config", CONFIG);

        for (String link : List.of("account", "logon-task", "network-profile", "firewall-rule", "firewall-policy")) {
            assertThat(doctor).containsPattern("(?m)^  not known +" + link + " ");
        }
        firewall.orFailUnless(1);
        assertThat(firewall.err()).contains("not known whether the commands were run");
    }

    // ---- the registry

    @Test
    void portproxyRulesAreReadFromTheRegistry() throws Exception {
        windows.importRegistry("""
                [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp]
                "0.0.0.0/3000"="172.30.98.229/3000"
                "*/8080"="172.19.5.5/80"

                [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov6\\tcp]
                "192.168.77.10/8443"="fd00::7/443"

                [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v6tov4\\tcp]
                "*/9000"="100.80.1.1/9000"

                [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v6tov6\\tcp]
                "::1/5000"="nas.example/5000"

                [HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss]
                "NatIpAddress"="100.80.1.1"
                """);
        configure("[[forward]]\nport = 7000\n");

        String printed = commands().run("import-netsh").orFail().out();
        Shell.Result merged =
                commands().run("import-netsh", "--merge", "--config", CONFIG).orFail();
        windows.importRegistry("""
                [-HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy]
                [-HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss]
                """);

        assertThat(printed.replace("\r\n", "\n")).isEqualTo("""
                # The rules of netsh interface portproxy as forwards, by wslproxy import-netsh.
                # portproxy lets everybody in, wslproxy private addresses only: allow = ["any"] changes that.

                [[forward]]
                name   = "tcp-8080"
                listen = "0.0.0.0:8080"
                target = "wsl:80" # was 172.19.5.5, which looks like WSL's; if that is another computer, put its address back

                [[forward]]
                name   = "tcp-3000"
                listen = "0.0.0.0:3000"
                target = "wsl:3000" # was 172.30.98.229, which looks like WSL's; if that is another computer, put its address back

                [[forward]]
                name   = "tcp-9000"
                listen = "[::]:9000" # takes IPv4 too
                target = "wsl:9000" # was 100.80.1.1, the address of WSL

                [[forward]]
                name   = "tcp-8443"
                listen = "192.168.77.10:8443"
                target = "[fd00::7]:443"

                [[forward]]
                name   = "tcp-5000"
                listen = "[::1]:5000"
                target = "nas.example:5000"

                # The rules hold these ports until they are deleted, as administrator:
                #   netsh interface portproxy delete v4tov4 listenport=8080
                #   netsh interface portproxy delete v4tov4 listenport=3000 listenaddress=0.0.0.0
                #   netsh interface portproxy delete v6tov4 listenport=9000
                #   netsh interface portproxy delete v4tov6 listenport=8443 listenaddress=192.168.77.10
                #   netsh interface portproxy delete v6tov6 listenport=5000 listenaddress=::1
                """);
        assertThat(merged.out()).contains("Added 5 forwards to " + CONFIG + ".");
        assertThat(commands().run("check", "--config", CONFIG).orFail().out()).contains("is valid");
        assertThat(commands().run("import-netsh").orFail().out()).contains("No portproxy rules were found");
    }

    /** @param forwards everything but where the VM is */
    private void configure(String forwards) throws IOException {
        windows.writeAsNotepad(CONFIG, "[wsl]\naddress = '" + WineNetwork.VM_ADDRESS + "'\n\n" + forwards);
    }
}
