package io.github.wslproxy.wsl;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.forward.Protocol;
import io.github.wslproxy.os.ConsoleText;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.testing.Fuzz;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever wsl.exe or the user's command prints: no address that is not in it, no name that is more than a name. */
@Tag("slow")
public class ProbeOutputFuzzTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final String TRIE = """
            Local:
              +-- 0.0.0.0/0 3 0 5
                 |-- 172.30.96.0
                    /20 link UNICAST
                 |-- 172.30.98.229
                    /32 host LOCAL
            """;
    private static final String TABLES = """
            172.30.98.229
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1598 1
               sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
             5312: 0100007F:52D2 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 82760923 2
            """;
    private static final String PROC = """
            nat
            --sockets--
            /proc/net/tcp:   0: 0100007F:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000
            /proc/net/udp6:  9: 00000000000000000000000000000000:0143 00000000000000000000000000000000:0000 07 0:0 00 0
            --proc--
            --sessions-- 7
            Relay(7)
            """;

    @Test
    void noAddressIsTakenThatIsNotWrittenThere() {
        Fuzz.from(
                        Samples.utf16("172.30.98.229 172.17.0.1 \r\n"),
                        "172.30.98.229 172.17.0.1 fd00::2 \n",
                        "fe80::1%5/64|10.0.0.2-",
                        "1.2.3.4\0::ffff:1.2.3.4\r\n",
                        "2: eth0    inet 172.30.98.229/20 brd 172.30.111.255 scope global eth0\\  valid_lft forever\n",
                        TRIE,
                        "wsl: A localhost proxy was found.\r\n172.30.98.229\r\n")
                .with(
                        "inet ",
                        "inet6 ",
                        "/20",
                        "/32 host LOCAL\n",
                        "|-- ",
                        "+-- ",
                        "172.30.98.229",
                        "224.0.0.1",
                        "0.0.0.0")
                .with(
                        "localhost",
                        "example.org",
                        "255.255.255.255",
                        "ff02::1",
                        "::",
                        "::ffff:10.0.0.1",
                        "0x7f.1",
                        "010.0.0.1")
                .with("255", ".", ":", "/", "%", "|", "-", "af", "\0", "\r", "127.0.0.1")
                .feed(ProbeOutputFuzzTest::addresses);
    }

    @Test
    void noDistributionIsMoreThanAName() {
        Fuzz.from(Samples.utf16("Ubuntu-22.04\r\ndocker-desktop\r\n"), "Ubuntu\r\nMy Distribution\r\n", "")
                .with("-e", "--shutdown", "\u001b[31m", "\u202e", "docker-desktop", "\u2028", "; $(reboot)", "..\\")
                .feed(ProbeOutputFuzzTest::distributions);
    }

    @Test
    void noSocketIsMoreThanAnAddressAndAPort() {
        Fuzz.from(PROC, TABLES)
                .with("--sessions-- 7", "Relay(7)", "  sl  local_address rem_address ", " drops")
                .with("--sockets--", "--proc--", ":65536 ", "0A", "FFFF", "/proc/net/tcp6:")
                .feed(ProbeOutputFuzzTest::sockets);
    }

    /** A fuzzer that is guided by coverage calls this. */
    public static void fuzzerTestOneInput(byte[] input) {
        addresses(input);
        distributions(input);
        sockets(input);
    }

    private static void addresses(byte[] whole) {
        byte[] input = Arrays.copyOf(whole, Math.min(whole.length, 4096));
        WslProbe own = Samples.commandProbe(printing(input), true, "probe");
        check(own.probe(WslProbe.Depth.FULL), input);
        FakeRunner wsl = new FakeRunner().thenPrints("Ubuntu\r\n").then(FakeRunner.ended(0, input));
        check(probe(wsl).probe(WslProbe.Depth.FULL), input);
        FakeRunner registry = printing(input);
        new NatIpRegistry(registry, "reg", true).read().ifPresent(address -> checkWritten(address, input));
        FakeRunner failing = new FakeRunner().then(FakeRunner.ended(-1, input));
        check(probe(failing).probe(WslProbe.Depth.FULL), input);
    }

    private static void distributions(byte[] whole) {
        byte[] input = Arrays.copyOf(whole, Math.min(whole.length, 4096)); // More is not read of a program.
        FakeRunner runner = new FakeRunner();
        List<List<String>> ran = new ArrayList<>();
        runner.then(FakeRunner.ended(0, input)).alwaysThen(command -> {
            ran.add(command);
            return FakeRunner.ended(0, "nat\n--addresses--\n172.30.98.229\n");
        });
        ProbeReport report = probe(runner).probe(WslProbe.Depth.FULL);
        checkLines(report);
        String text = ConsoleText.decode(input);
        for (List<String> command : ran) {
            check(command.size() == 7 && command.get(6).equals(GuestScript.text(true)), "another command: " + command);
            String name = command.get(2);
            check(text.contains(name), "a name that is not there: " + name);
            check(!name.isBlank() && !name.startsWith("-"), "an option: " + name);
            check(isPlain(name) && name.indexOf('"') < 0, "not a name: " + name);
        }
        for (String name : WslExe.names(text)) {
            check(isPlain(name), "not a name: " + name);
        }
    }

    private static void sockets(byte[] input) {
        String text = ConsoleText.decode(input);
        List<GuestSocket> all = new ArrayList<>(new GuestScript(text).sockets().orElse(List.of()));
        all.addAll(new ProcNetTables(text).sockets().orElse(List.of()));
        for (GuestSocket socket : all) {
            check(socket.port() >= 0 && socket.port() <= PortRange.MAX_PORT, "port " + socket.port());
            check(socket.hears(socket.address()), "does not hear itself");
            check(isPlain(socket.where()), "not fit for a terminal: " + socket.where());
        }
        text.lines().forEach(ProbeOutputFuzzTest::line);
    }

    /** What the kernel would print of a socket that was read is read as the same socket. */
    private static void line(String line) {
        ProcNetTables.listener(line).ifPresent(socket -> {
            Optional<GuestSocket> again = ProcNetTables.listener(printed(socket));
            check(again.equals(Optional.of(socket)), socket + " is read back as " + again);
        });
    }

    private static String printed(GuestSocket socket) {
        byte[] bytes = socket.address().getAddress();
        StringBuilder words = new StringBuilder();
        for (int word = 0; word < bytes.length; word += 4) {
            for (int i = 3; i >= 0; i--) {
                words.append(String.format("%02X", bytes[word + i]));
            }
        }
        return String.format(
                "/proc/net/%s%s:  12: %s:%04X %s:0000 %s 0:0 0:0 0",
                socket.protocol(),
                socket.address() instanceof Inet4Address ? "" : "6",
                words,
                socket.port(),
                "0".repeat(words.length()),
                socket.protocol() == Protocol.TCP ? "0A" : "07");
    }

    private static FakeRunner printing(byte[] output) {
        return new FakeRunner().then(FakeRunner.ended(0, output));
    }

    private static WslProbe probe(FakeRunner runner) {
        return new WindowsProbe(
                Optional.empty(),
                TIMEOUT,
                Optional::empty,
                () -> false,
                Optional.of(new ScanSchedule(Optional::empty)),
                new WslExe(() -> "wsl.exe", runner),
                Samples.NOTHING_REMEMBERED,
                () -> Samples.NAT,
                () -> 0);
    }

    private static void check(ProbeReport report, byte[] input) {
        checkLines(report);
        if (report.state() instanceof TargetState.Up up) {
            InetAddress address = up.addresses().get(0);
            checkWritten(address, input);
            check(
                    !address.isAnyLocalAddress() && !address.isMulticastAddress(),
                    "no address of a computer: " + address);
            check(!address.equals(IpLiteral.of("255.255.255.255")), "broadcast");
        }
    }

    /** The address must stand there as a literal, with nothing beside it that could belong to it. */
    private static void checkWritten(InetAddress address, byte[] input) {
        String text = ConsoleText.decode(input);
        for (String word : text.split("[^0-9A-Za-z:.%_]+|\\s", -1)) {
            if (address.equals(IpLiteral.parse(word))) {
                return;
            }
        }
        for (String word : text.split("[\\s/]+", -1)) {
            if (address.equals(IpLiteral.parse(word))) {
                return;
            }
        }
        throw new AssertionError(address + " is not written there");
    }

    private static void checkLines(ProbeReport report) {
        for (String line : report.lines()) {
            check(isPlain(line), "not fit for a terminal: " + line);
            check(line.length() < 20_000, "a long line");
        }
    }

    private static boolean isPlain(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length > 0
                && text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE
                                || c == 0x2028
                                || c == 0x2029);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
