package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.FakeRunner.TOOK;
import static io.github.wslproxy.testing.FakeRunner.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.os.LocalNetwork;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.testing.RecordedLog;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandProbeTest {
    private Optional<InetAddress> inUse = Optional.empty();
    private List<LocalNetwork> networks = Samples.NAT;

    static Stream<Arguments> addresses() {
        return Stream.of(
                arguments("one", "10.1.2.3", "10.1.2.3"),
                arguments("with line ends of Windows", "10.1.2.3\r\r\n", "10.1.2.3"),
                arguments("link-local", "169.254.1.2", "169.254.1.2"),
                arguments("Docker's, but the only one", "172.17.0.1", "172.17.0.1"),
                arguments("IPv6", "fd00::5", "fd00::5"),
                arguments("with its prefix, as ip -br prints it", "eth0 UP 172.30.98.229/20 \n", "172.30.98.229"),
                arguments("the same twice", "10.1.2.3 10.1.2.3", "10.1.2.3"),
                arguments("among words", "the VM is at 10.1.2.3 today", "10.1.2.3"),
                arguments("several, by the adapters", "172.17.0.1 172.30.98.229 fd00::1 \n", "172.30.98.229"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void statusZeroWithAnAddressIsTheTarget(String what, String output, String address) {
        assertThat(probe(ended(0, output)))
                .as(what)
                .extracting(found -> IpLiteral.text(found.state().address().orElseThrow()))
                .isEqualTo(address);
    }

    static Stream<Arguments> noVm() {
        return Stream.of(
                arguments("127.0.0.1", "is a loopback address"),
                arguments("127.0.1.1", "is a loopback address"),
                arguments("::1", "is a loopback address"),
                arguments("192.168.1.20", "is an address of this computer"),
                arguments("172.30.96.1", "is an address of this computer"),
                arguments("192.168.1.255", "is the broadcast address"),
                arguments("172.30.111.255", "is the broadcast address"),
                arguments("172.30.96.0", "is the broadcast address"),
                arguments("10.255.255.254", "is where WSL answers DNS"),
                arguments("8.8.8.8", "is a public address in no network of this computer"),
                arguments("100.64.0.9", "is a public address in no network of this computer"),
                arguments("2001:db8::9", "is a public address in no network of this computer"));
    }

    /** What runs in the VM may be hostile, and would lead the LAN to servers of this computer, or anywhere. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("noVm")
    void anAddressThatNoVmCanHaveIsAFailureThatNamesTheWayToMeanIt(String address, String why) {
        assertThat(probe(ended(0, address + "\n")))
                .extracting(report -> report.failure().orElseThrow())
                .satisfies(
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_THE_VM),
                        failure -> assertThat(failure.detail()).contains(address, why),
                        failure -> assertThat(failure.toString()).contains("[wsl] address"));
    }

    @Test
    void aPublicAddressIsTakenInANetworkOfThisComputer() {
        networks = List.of(Samples.LOOPBACK, Samples.network("eth1", "203.0.113.1", 24));

        assertThat(probe(ended(0, "203.0.113.9")).summary()).isEqualTo("WSL is at 203.0.113.9, as [wsl] command says");
    }

    @Test
    void thePlaceholderThatHostnameWithASmallIPrintsIsAnsweredWithTheCapitalOne() {
        assertThat(probe(ended(0, "127.0.1.1\n")).summary()).contains("use \"hostname -I\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.30.98.229 172.30.98.230", "172.30.98.230 172.30.98.229"})
    void theAddressInUseStaysWhileItIsAmongTheGoodOnes(String output) {
        for (String used : List.of("172.30.98.229", "172.30.98.230")) {
            inUse = Optional.of(Samples.address(used));

            assertThat(probe(ended(0, output)).summary()).startsWith("WSL is at " + used + ", in the network of");
        }
    }

    @Test
    void theAddressInUseGivesWayToABetterOneAndIsForgottenWhenItIsGone() {
        inUse = Optional.of(Samples.address("192.168.1.77"));
        assertThat(probe(ended(0, "192.168.1.77 172.30.98.229")).summary()).startsWith("WSL is at 172.30.98.229,");

        inUse = Optional.of(Samples.address("172.30.98.231"));
        assertThat(probe(ended(0, "172.30.98.229 172.30.98.230")).summary()).startsWith("WSL is at 172.30.98.229,");
    }

    @Test
    void theAddressInUseStaysAlsoWhereNoAdapterLeadsToAnyOfThem() {
        inUse = Optional.of(Samples.address("10.1.2.4"));

        assertThat(probe(ended(0, "10.1.2.3 10.1.2.4")).summary()).startsWith("WSL is at 10.1.2.4, in use");
    }

    @Test
    void tablesOfSocketsMayBeLongAndWhatComesBeforeThemMayNot() {
        String headings =
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

        assertThat(probe(ended(0, "10.1.2.3\n" + headings + "x".repeat(100_000)))
                        .hasAddress())
                .isTrue();
        assertThat(probe(ended(0, "10.1.2.3\n" + "x".repeat(4096) + "\n" + headings))
                        .summary())
                .contains("more than 4096 bytes");
    }

    @Test
    void utf16IsReadToo() {
        assertThat(probe(ended(0, Samples.utf16("172.30.98.229\r\n"))).summary())
                .contains("172.30.98.229");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", " \r\n\t"})
    void statusZeroWithNothingButWhiteSpaceMeansTheVmIsDown(String output) {
        assertThat(probe(ended(0, output)).state()).isInstanceOf(TargetState.Down.class);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments("status 1", ended(1, ""), Kind.FAILED),
                arguments("status 1 with an address", ended(1, "10.1.2.3"), Kind.FAILED),
                arguments("status 255", ended(255, ""), Kind.FAILED),
                arguments("status 50 is no sign of a missing WSL here", ended(50, ""), Kind.FAILED),
                arguments("words", ended(0, "not an address"), Kind.NO_ADDRESS),
                arguments("a name, never looked up", ended(0, "localhost"), Kind.NO_ADDRESS),
                arguments("every address of this computer", ended(0, "0.0.0.0"), Kind.NO_ADDRESS),
                arguments("every address, IPv6", ended(0, "::"), Kind.NO_ADDRESS),
                arguments("multicast", ended(0, "ff02::1"), Kind.NO_ADDRESS),
                arguments("multicast, IPv4", ended(0, "224.0.0.1"), Kind.NO_ADDRESS),
                arguments("broadcast", ended(0, "255.255.255.255"), Kind.NO_ADDRESS),
                arguments("several, none usable", ended(0, "127.0.0.1 ::1"), Kind.NO_ADDRESS),
                arguments("timeout", new CommandResult.TimedOut("10.1.2.3", TOOK), Kind.TIMED_OUT),
                arguments("over 4 KiB", new CommandResult.TooLong(4096, TOOK), Kind.TOO_LONG),
                arguments("no such program", new CommandResult.NotStarted("error=2", TOOK), Kind.PROGRAM_NOT_FOUND),
                arguments("stopping", new CommandResult.Interrupted(TOOK), Kind.INTERRUPTED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void anythingElseIsAFailure(String what, CommandResult result, Kind kind) {
        assertThat(probe(result))
                .as(what)
                .extracting(report -> report.failure().orElseThrow())
                .satisfies(
                        failure -> assertThat(failure.kind()).isEqualTo(kind),
                        failure -> assertThat(failure.toString()).contains("; "));
    }

    @Test
    void aCommandThatHangsIsToldInOneShortSentenceAndNobodyIsSentToShutWslDown() {
        CommandResult late = new CommandResult.TimedOut("x".repeat(1000), Duration.ofMillis(1016));

        assertThat(probe(late))
                .extracting(report -> report.failure().orElseThrow())
                .satisfies(
                        failure -> assertThat(failure.brief())
                                .isEqualTo("[wsl] command gave no answer within 1s and was killed"),
                        failure -> assertThat(failure.toString())
                                .contains("[wsl] timeout")
                                .doesNotContain("--shutdown"));
    }

    private static final String TABLES = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000:1435 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1598 1
            """;

    @Test
    void whatFollowsTheAddressesIsReadAsTablesOfSockets() {
        ProbeReport report = withSockets("172.30.98.229\n" + TABLES).probe(WslProbe.Depth.ROUTINE);

        assertThat(report.summary()).startsWith("WSL is at 172.30.98.229");
        assertThat(report.sockets().orElseThrow())
                .extracting(GuestSocket::where)
                .containsExactly("0.0.0.0:5173");
    }

    @Test
    void whereTheVmIsDownOrItsPortsAreOnTheLanNobodyListens() {
        assertThat(withSockets(" \n").probe(WslProbe.Depth.ROUTINE).sockets()).contains(List.of());
        assertThat(withSockets("192.168.1.20 172.30.96.1\n" + TABLES)
                        .probe(WslProbe.Depth.ROUTINE)
                        .sockets())
                .contains(List.of());
    }

    @Test
    void tablesAloneAreNoAddress() {
        ProbeReport report = withSockets(TABLES).probe(WslProbe.Depth.ROUTINE);

        assertThat(report.failure()).isPresent();
        assertThat(report.sockets()).isEmpty();
    }

    @Test
    void tablesNobodyAskedForAreNoAddressesEither() {
        FakeRunner runner = new FakeRunner().thenPrints("172.30.98.229\n" + TABLES);

        ProbeReport report = probe(runner, Optional::of);

        assertThat(report.summary()).startsWith("WSL is at 172.30.98.229");
        assertThat(report.sockets()).isEmpty();
    }

    @Test
    void aCommandWithoutTablesIsToldOnceWhatToPrint() {
        try (RecordedLog log = new RecordedLog(CommandProbe.class)) {
            WslProbe probe = withSockets("172.30.98.229\n", "172.30.98.229\n");

            assertThat(probe.probe(WslProbe.Depth.FULL).sockets()).isEmpty();
            assertThat(probe.probe(WslProbe.Depth.ROUTINE).sockets()).isEmpty();

            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("WARN [wsl] command printed no table of sockets")
                    .contains("/proc/net/tcp, tcp6, udp and udp6");
        }
    }

    private static WslProbe withSockets(String... outputs) {
        FakeRunner runner = new FakeRunner();
        for (String output : outputs) {
            runner.thenPrints(output);
        }
        return Samples.commandProbe(runner, true, "where");
    }

    @Test
    void addressesThatAreAllOursMeanItIsOnTheLanAlready() {
        assertThat(probe(ended(0, "192.168.1.20 172.30.96.1")).state()).isInstanceOf(TargetState.OnLan.class);
    }

    @Test
    void theReportTellsWhatRanAndWhatWasMadeOfIt() {
        FakeRunner runner = new FakeRunner().thenPrints("172.17.0.1 172.30.98.229\n");

        assertThat(probe(runner, Optional::of).lines())
                .containsExactly(
                        "ran where 'is it'",
                        "  got exit 0, \"172.17.0.1 172.30.98.229\", 80 ms",
                        "  so  WSL is at 172.30.98.229, in the network of " + Samples.WSL_ADAPTER,
                        "not taken: 172.17.0.1 lies in no network of this computer",
                        "WSL is at 172.30.98.229, in the network of " + Samples.WSL_ADAPTER);
    }

    @Test
    void theProgramIsRunByThePathItWasFoundAt() {
        FakeRunner runner = new FakeRunner().thenPrints("");

        probe(runner, program -> Optional.of("C:\\tools\\" + program + ".exe"));

        assertThat(runner.ranSince()).containsExactly("C:\\tools\\where.exe is it");
    }

    @Test
    void aProgramThatIsNotInPathIsNotRun() {
        FakeRunner runner = new FakeRunner();

        assertThat(probe(runner, program -> Optional.empty()).summary())
                .contains("there is no program \"where\" in PATH");
        assertThat(runner.ranSince()).isEmpty();
    }

    private ProbeReport probe(CommandResult result) {
        return probe(new FakeRunner().then(result), Optional::of);
    }

    private ProbeReport probe(FakeRunner runner, Function<String, Optional<String>> programs) {
        List<String> command = List.of("where", "is it");
        return new CommandProbe(command, Duration.ofSeconds(1), () -> inUse, false, runner, () -> networks, programs)
                .probe(WslProbe.Depth.ROUTINE);
    }
}
