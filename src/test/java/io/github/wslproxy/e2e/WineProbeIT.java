package io.github.wslproxy.e2e;

import static io.github.wslproxy.e2e.FakeWsl.listed;
import static io.github.wslproxy.e2e.FakeWsl.looked;
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
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code wslproxy probe} on a Windows JVM makes of everything that wsl.exe is known to say and do, played by a
 * program of that name. The adapters are those of the network namespace: vEthernet(WSL) with 172.30.96.1/20 and
 * Ethernet with 192.168.77.10/24; Java on Windows gives the driver's name instead of the adapter's ({@code
 * LocalNetworkTest}), and under Wine 8 wrong prefix lengths of IPv6 addresses, so the choice among those is left to
 * {@code AddressChoiceTest}.
 */
@ExtendWith(OnWine.class)
@Timeout(180)
class WineProbeIT {
    private static final String CONFIG = "C:\\users\\J\u00f6rg M\u00fcller\\probe.toml";
    private static final String VM = "172.30.98.229";
    private static final String AT_VM = "WSL is at 172.30.98.229, in the network of vEthernet(WSL)";
    private static final String SHARED = "WSL shares the addresses of Windows ";

    private static final String AT_VM_PRINTED = "out nat\\n--addresses--\\n172.30.98.229 \\n";

    /** What hangs, hangs longer than any test has patience. */
    private static final String HANG = "sleep 300000";

    private final WineNetwork network;
    private final Wine windows;
    private final FakeWsl wsl;
    private final Path config;

    WineProbeIT(WineNetwork network) {
        this.network = network;
        this.windows = network.windows();
        this.wsl = network.wsl();
        this.config = windows.file(CONFIG);
    }

    /**
     * A fact about wsl.exe.
     *
     * @param settings lines of {@code [wsl]}
     * @param calls how often it is asked; beyond the first, which wakes nothing, it is asked inside
     */
    private record Row(String fact, List<String> script, String settings, int calls, List<String> said) {
        Row with(String line) {
            return new Row(fact, script, line, calls, said);
        }

        Row says(String... words) {
            return new Row(fact, script, settings, calls, List.of(words));
        }
    }

    /** The first call already gives the answer. */
    private static Row list(String fact, String... lines) {
        return new Row(fact, listed(lines), "", 1, List.of());
    }

    /** Ubuntu runs; the answer comes from inside. */
    private static Row look(String fact, String... lines) {
        return both(fact, List.of("wsl Ubuntu\\r\\n"), lines);
    }

    private static Row both(String fact, List<String> list, String... look) {
        return new Row(fact, script(list, look), "", 2, List.of());
    }

    private static List<String> script(List<String> list, String... look) {
        return Stream.concat(listed(list.toArray(String[]::new)).stream(), looked(look).stream())
                .toList();
    }

    private static Row mode(String mode, String addresses) {
        return look("2.3 the mode is " + mode, "out " + mode + "\\n--addresses--\\n" + addresses + " \\n");
    }

    /** Inside Ubuntu, in NAT mode, that is printed. */
    private static Row inside(String fact, String printed) {
        return look(fact, "out nat\\n--addresses--\\n" + printed);
    }

    private static Stream<Named<Row>> rows() {
        return Stream.of(encodings(), names(), failures(), stubs(), addresses(), modes(), commands(), misbehaviour())
                .flatMap(part -> part)
                .map(row -> Named.of(row.fact, row));
    }

    private static Stream<Row> encodings() {
        return Stream.of(
                list("1.1 WSL_UTF8=1 is set for it", "env WSL_UTF8", "exit 7").says("exit 7, \"1\""),
                look("1.1 UTF-8, as WSL_UTF8=1 asks", AT_VM_PRINTED).says("got exit 0, \"Ubuntu\"", AT_VM),
                both("1.1 one that ignores it: UTF-16LE, no mark", List.of("old", "wsl Ubuntu\\r\\n"), AT_VM_PRINTED)
                        .says("got exit 0, \"Ubuntu\"", AT_VM),
                both("1.1 UTF-16LE with a mark", List.of("out \\xff\\xfeU\\0b\\0\\r\\0\\n\\0"), AT_VM_PRINTED)
                        .says("got exit 0, \"Ub\"", "-d Ub -e", AT_VM),
                both(
                                "1.1 lines that end in CR CR LF",
                                List.of("wsl Ubuntu\\r\\r\\nDebian\\r\\r\\n"),
                                "out nat\\r\\r\\n--addresses--\\r\\r\\n" + VM)
                        .says("got exit 0, \"Ubuntu\\nDebian\"", AT_VM),
                both(
                                "1.1 its warnings come on stderr",
                                List.of("werr wsl: Failed to translate 'U:\\\\home'\\r\\n", "wsl Ubuntu\\r\\n"),
                                AT_VM_PRINTED)
                        .says("got exit 0, \"Ubuntu\", on stderr \"wsl: Failed to translate 'U:\\home'\"", AT_VM),
                look(
                                "1.1 where Linux would have printed: its own message",
                                "old",
                                "wsl Es gibt keine Distribution mit dem angegebenen Namen.\\r\\n",
                                "wsl Fehlercode: Wsl/Service/WSL_E_DISTRO_NOT_FOUND\\r\\n",
                                "exit -1")
                        .says("exit -1", "Fehlercode: Wsl/Service/WSL_E_DISTRO_NOT_FOUND", "list the names with"),
                list(
                                "1.3 a message with hardly a Latin letter",
                                "old",
                                "wsl \u6ca1\u6709\u8fd9\u6837\u7684\u5206\u53d1\\r\\n",
                                "wsl \u9519\u8bef\u4ee3\u7801: Wsl/Service/WSL_E_DISTRO_NOT_FOUND\\r\\n",
                                "exit -1")
                        .says("Wsl/Service/WSL_E_DISTRO_NOT_FOUND", "list the names with"),
                list("1.4 it runs in the user's home, whose path it can translate", "cwd", "exit 7")
                        .says("exit 7, \"C:\\users\\"));
    }

    private static Stream<Row> names() {
        return Stream.of(
                both("1.1 a name with blanks", List.of("wsl My Own Linux\\r\\n"), AT_VM_PRINTED)
                        .says("-d 'My Own Linux' -e", AT_VM),
                both("1.1 a name with umlauts", List.of("old", "wsl J\u00f6rgs B\u00fcchse\\r\\n"), AT_VM_PRINTED)
                        .says("-d 'J\u00f6rgs B\u00fcchse' -e", AT_VM),
                both(
                                "1.1 several run: the default one comes first",
                                List.of("wsl Debian\\r\\nUbuntu\\r\\n"),
                                AT_VM_PRINTED)
                        .says("-d Debian -e", AT_VM),
                both("2.2 that of Docker is not asked", List.of("wsl docker-desktop\\r\\nUbuntu\\r\\n"), AT_VM_PRINTED)
                        .says("-d Ubuntu -e", AT_VM),
                both("1.3 the case of a name does not count", List.of("wsl Debian\\r\\nUbuntu\\r\\n"), AT_VM_PRINTED)
                        .with("distribution = 'uBUNTU'")
                        .says("-d Ubuntu -e", AT_VM),
                list("2.5 another runs than the one that is named", "wsl Debian\\r\\n")
                        .with("distribution = 'Ubuntu'")
                        .says("WSL is stopped: Ubuntu is not running, only Debian"));
    }

    private static Stream<Row> failures() {
        return Stream.of(
                list("1.3 none runs: nothing, status 0").says("WSL is stopped: no distribution is running"),
                list("1.3 an empty line", "wsl \\r\\n").says("WSL is stopped: no distribution is running"),
                list(
                                "1.3 no distribution is installed: a message without a code",
                                "wsl Windows Subsystem for Linux has no installed distributions.\\r\\n",
                                "exit -1")
                        .says("exit -1", "install a distribution: wsl --install -d Ubuntu"),
                own("1.3 there is no distribution of that name", "Wsl/Service/WSL_E_DISTRO_NOT_FOUND")
                        .says("list the names with \"wsl -l -q\""),
                own("1.3 the same as a number", "Wsl/Service/0x80040302").says("list the names with \"wsl -l -q\""),
                own("1.3 there is no default distribution", "Wsl/Service/WSL_E_DEFAULT_DISTRO_NOT_FOUND")
                        .says("install a distribution"),
                own("1.3 as SYSTEM", "Wsl/WSL_E_LOCAL_SYSTEM_NOT_SUPPORTED")
                        .says("run wslproxy as the user who uses WSL"),
                own("1.3 virtualization is off", "Wsl/Service/CreateInstance/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED")
                        .says("turn on virtualization in the firmware"),
                own("1.3 the platform of virtual machines is missing", "Wsl/Service/RegisterDistro/CreateVm/0x8004032D")
                        .says("turn on virtualization in the firmware"),
                own("1.3 the optional component is missing", "Wsl/WSL_E_WSL_OPTIONAL_COMPONENT_REQUIRED")
                        .says("install WSL: wsl --install"),
                own("1.3 the VM has crashed", "Wsl/Service/CreateInstance/CreateVm/WSL_E_VM_CRASHED")
                        .says("WSL_E_VM_CRASHED", "see what WSL itself says: wsl -l -v"),
                own("1.3 a code nobody has heard of", "Wsl/Service/E_UNEXPECTED")
                        .says("E_UNEXPECTED", "see what WSL itself says: wsl -l -v"),
                look(
                                "1.2 its own failure is -1, here while it is asked inside",
                                "wsl Catastrophic failure\\r\\nError code: Wsl/Service/E_UNEXPECTED\\r\\n",
                                "exit -1")
                        .says("exit -1", "see what WSL itself says: wsl -l -v"),
                look("1.2 the channel is lost while it runs: 1", "exit 1").says("exit 1, nothing", "Asking WSL failed"),
                look("2.2 BusyBox' hostname without -I: 1", "err hostname: unrecognized option: I\\n", "exit 1")
                        .says("exit 1, nothing, on stderr \"hostname: unrecognized option: I\""),
                look("2.2 that of GNU inetutils: 64", "err hostname: invalid option -- 'I'\\n", "exit 64")
                        .says("exit 64, nothing, on stderr \"hostname: invalid option -- 'I'\""),
                look("2.2 no hostname at all: 127", "err sh: hostname: not found\\n", "exit 127")
                        .says("exit 127, nothing, on stderr \"sh: hostname: not found\""));
    }

    /** It fails by itself, with a message that ends in a code. */
    private static Row own(String fact, String code) {
        return list(fact, "wsl Something went wrong.\\r\\nError code: " + code + "\\r\\n", "exit -1");
    }

    private static Stream<Row> stubs() {
        String text =
                "The Windows Subsystem for Linux is not installed. You can install by running 'wsl.exe --install'."
                        + "\\r\\nFor more information please visit https://aka.ms/wslinstall\\r\\n";
        return Stream.of(
                list("1.3 the stub of Windows 11: 50", "wsl " + text, "exit 50")
                        .says("exit 50", "install WSL: wsl --install"),
                list("1.3 the same for a list: 1", "wsl " + text, "exit 1")
                        .says("exit 1", "install WSL: wsl --install"),
                list(
                                "1.3 the stub waits a minute for a key",
                                "wsl " + text,
                                "wsl Press any key to install.\\r\\n",
                                HANG)
                        .with("timeout = '3s'")
                        .says("so it was killed; it had printed", "install WSL: wsl --install"),
                list("1.4 its questions wait for stdin, which is closed", "wsl " + text, "stdin", "exit 1")
                        .says("stdin 0", "install WSL: wsl --install"));
    }

    private static Stream<Row> addresses() {
        return Stream.of(
                inside("2.1 bridges of Docker come first", "172.17.0.1 172.18.0.1 172.30.98.229 fd00::1 \\n")
                        .says("not taken: 172.17.0.1 lies in no network", "not taken: 172.18.0.1 lies", AT_VM),
                inside("2.1 or last", "172.30.98.229 172.17.0.1 \\n")
                        .says("not taken: 172.17.0.1 lies in no network", AT_VM),
                inside("2.1 what is none of a VM", "127.0.1.1 10.255.255.254 169.254.7.7 172.30.98.229 \\n")
                        .says(
                                "127.0.1.1 is a loopback",
                                "10.255.255.254 is where WSL answers DNS",
                                "169.254.7.7 is link-local",
                                AT_VM),
                inside("2.1 two networks of ours: that of WSL", "192.168.77.60 172.30.98.229 \\n")
                        .says("not taken: 192.168.77.60 lies in the network of Ethernet", AT_VM),
                inside("2.1 no adapter leads to the only one", "10.9.8.7 172.17.0.1 \\n")
                        .says("WSL is at 10.9.8.7, the only one left, though in no network of this computer"),
                inside("2.1 nothing but a bridge of Docker", "172.17.0.1 \\n")
                        .says("no address could be chosen", "looks like a bridge of Docker"),
                inside("2.1 addresses of this computer: shared, as in mirrored mode", "192.168.77.10 172.17.0.1 \\n")
                        .says(
                                "192.168.77.10 is an address of this computer (Ethernet)",
                                SHARED + "(mirrored or virtioproxy)"),
                inside(
                                "2.2 what ip prints where hostname has no -I",
                                "2: eth0    inet 172.30.98.229/20 brd 172.30.111.255 scope global eth0\\\\       valid_lft forever\\n")
                        .says(AT_VM),
                inside(
                                "2.2 what /proc/net/fib_trie holds where there is no ip either",
                                "           |-- 172.30.96.0\\n              /20 link UNICAST\\n           |-- 172.30.98.229\\n              /32 host LOCAL\\n           |-- 127.0.0.1\\n              /32 host LOCAL\\n")
                        .says(AT_VM),
                inside("1.3 no network yet: nothing", "\\n").says("the VM has no address yet", "wsl --shutdown"));
    }

    private static Stream<Row> modes() {
        return Stream.of(
                mode("nat", "172.17.0.1 172.30.98.229").says(AT_VM),
                mode("mirrored", "192.168.77.10").says(SHARED + "(mirrored): the networking mode says so"),
                mode("virtioproxy", "192.168.77.10").says(SHARED + "(virtioproxy)"),
                mode("consomme", "192.168.77.10").says(SHARED + "(consomme)"),
                mode("bridged", "192.168.77.60 172.17.0.1").says("WSL is at 192.168.77.60, in the network of Ethernet"),
                mode("none", "").says("the networking mode is \"none\"", "networkingMode=nat in .wslconfig"),
                mode("wsl1", "192.168.77.10").says(SHARED + "(wsl1)"),
                mode("one of next year", "192.168.77.10").says(SHARED + "(mirrored or virtioproxy): all it has are"));
    }

    private static Stream<Row> commands() {
        String command = "command = ['wsl.exe', 'hostname', '-I']";
        return Stream.of(
                new Row(
                                "[wsl] command is found in PATH",
                                List.of("when hostname -I", "out 172.30.98.229 \\n"),
                                command,
                                1,
                                List.of())
                        .says(
                                "ran C:\\windows\\system32\\wsl.exe hostname -I",
                                "WSL is at 172.30.98.229, as [wsl] command says"),
                new Row(
                                "[wsl] command prints several",
                                List.of("out 172.17.0.1 172.30.98.229 \\n"),
                                command,
                                1,
                                List.of())
                        .says("not taken: 172.17.0.1", AT_VM),
                new Row("[wsl] command prints nothing", List.of("out \\r\\n"), command, 1, List.of())
                        .says("WSL is stopped: [wsl] command printed nothing"),
                new Row("[wsl] command is one that is not there", List.of(), "command = ['nowhere.exe']", 0, List.of())
                        .says("no program \"nowhere.exe\" in PATH"));
    }

    private static Stream<Row> misbehaviour() {
        return Stream.of(
                list("1.3 it hangs", HANG)
                        .with("timeout = '2s'")
                        .says("so it was killed; it had printed nothing", "WSL is starting or stopping"),
                list("1.3 it hangs, and so does a child that holds its pipe", "wsl Ubu", "child 300000", HANG)
                        .with("timeout = '2s'")
                        .says("so it was killed; it had printed \"Ubu\""),
                look("1.3 it hangs while it is asked inside", "out nat\\n", "child 300000", HANG)
                        .with("timeout = '2s'")
                        .says("so it was killed; it had printed \"nat\""),
                list("it prints without an end", "endless").says("killed, more than 4096 bytes of output"),
                look("it prints without an end when asked inside", "child 300000", "endless")
                        .says("killed, more than 4096 bytes of output"));
    }

    @BeforeEach
    void forget() throws IOException {
        wsl.forgetCalls();
        Files.createDirectories(config.getParent());
    }

    /** What a failed test has left is not to hinder the next. */
    @AfterEach
    void tidyUp() throws IOException {
        wsl.install();
        windows.processes("wsl.exe").forEach(ProcessHandle::destroyForcibly);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyFactHasItsWords(Row row) throws Exception {
        wsl.plays(row.script);

        Shell.Result probe = probe(row.settings);

        assertThat(probe.out()).as(row.fact).contains(row.said);
        assertThat(probe.err()).isEmpty();
        String outcome = probe.out().lines().reduce((earlier, last) -> last).orElseThrow();
        probe.orFailUnless(outcome.startsWith("WSL is at") || outcome.startsWith(SHARED) ? 0 : 1);
        assertThat(wsl.calls()).hasSize(row.calls);
        if (!row.settings.startsWith("command")) {
            assertThat(wsl.calls()).element(0).isEqualTo(FakeWsl.LIST_RUNNING);
            assertThat(wsl.calls().stream().skip(1))
                    .allMatch(call -> call.matches("-d \\S.* -e sh -c \".*--addresses--.*\""));
        }
        Await.until(() -> windows.processes("wsl.exe").isEmpty());
    }

    @Test
    void whileItHangsTheAddressThatWindowsRemembersIsAHint() throws Exception {
        wsl.plays(List.of(HANG));
        try {
            remembers("\"NatIpAddress\"=\"" + VM + "\"");
            assertThat(probe("timeout = '2s'").out())
                    .contains("Windows remembers " + VM + ": lies in the network of vEthernet(WSL)")
                    .contains("WSL may be at " + VM + ", which Windows remembers. Asking it failed: no answer within");

            remembers("\"NatIpAddress\"=\"172.20.5.5\"");
            assertThat(probe("timeout = '2s'").out())
                    .contains("not taken")
                    .contains("Asking WSL failed: no answer within");
        } finally {
            remembers("\"NatIpAddress\"=-");
        }
    }

    private void remembers(String value) throws Exception {
        windows.importRegistry(
                "[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss]\n" + value + "\n");
    }

    /** As wslhost.exe does, which stays for Linux programs that call Windows programs. */
    @Test
    void aChildThatHoldsThePipeAfterItsEndKeepsNobodyWaiting() throws Exception {
        wsl.plays(script(List.of("wsl Ubuntu\\r\\n", "child 30000"), AT_VM_PRINTED, "child 30000"));
        long begin = System.nanoTime();

        assertThat(probe("").out()).contains(AT_VM);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
        assertThat(windows.processes("--hold-for")).hasSize(2);
    }

    @Test
    void withoutWslExeItSaysHowToInstallIt() throws Exception {
        wsl.uninstall();

        assertThat(probe("").out())
                .contains("ran C:\\windows\\System32\\wsl.exe", "got not started: ", "install WSL: wsl --install");
    }

    @Test
    void theInstalledPackageIsAskedRatherThanThatOfWindows() throws Exception {
        Path packaged = windows.file("C:\\Program Files\\WSL\\wsl.exe");
        Files.createDirectories(packaged.getParent());
        Files.copy(windows.file("C:\\windows\\system32\\wsl.exe"), packaged);
        try {
            Files.write(packaged.resolveSibling("wsl-fake.txt"), FakeWsl.running("nat", VM));
            assertThat(probe("").out()).contains("ran 'C:\\Program Files\\WSL\\wsl.exe' -l --running -q", AT_VM);
            assertThat(wsl.calls()).isEmpty();
        } finally {
            Files.delete(packaged);
        }
    }

    @Test
    void theLauncherPassesTheWordsAndTheStatusOn() throws Exception {
        configure("distribution = 'My Own Linux'");
        wsl.plays(script(List.of("wsl My Own Linux\\r\\n"), AT_VM_PRINTED));
        Shell.Result found = network.run("probe", "--config", CONFIG);
        assertThat(found.out()).contains("-d 'My Own Linux' -e", AT_VM);
        found.orFail();

        wsl.isStopped();
        wsl.forgetCalls();
        Shell.Result down = network.run("probe", "--config", CONFIG);
        assertThat(down.out()).contains("WSL is stopped: My Own Linux is not running");
        down.orFailUnless(1);
        assertThat(wsl.calls()).containsExactly(FakeWsl.LIST_RUNNING);
    }

    private Shell.Result probe(String settings) throws Exception {
        configure(settings);
        return network.commands().run("probe", "--config", CONFIG);
    }

    private void configure(String settings) throws IOException {
        Files.createDirectories(config.getParent());
        Files.writeString(config, "[wsl]\n" + settings + "\n[[forward]]\nport = 8000\n");
    }
}
