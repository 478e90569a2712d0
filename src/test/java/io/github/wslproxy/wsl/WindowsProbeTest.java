package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.FakeRunner.TOOK;
import static io.github.wslproxy.testing.FakeRunner.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WindowsProbeTest {
    private static final String GATE = "wsl.exe -l --running -q";
    private static final String NAT_ANSWER = "nat\n--addresses--\n172.30.98.229 172.17.0.1 \n";

    private static final String WSL1_ANSWER = "wsl1\n--addresses--\n192.168.1.20 172.30.96.1 \n";

    private final FakeRunner runner = new FakeRunner();
    private boolean inUse;
    private long now = Long.MAX_VALUE - 1000; // The clock may overflow; differences stay right.

    private final WslProbe any = probe(Optional.empty());
    private final WslProbe ubuntu = probe(Optional.of("ubuntu"));

    private WslProbe probe(Optional<String> distribution) {
        return new WindowsProbe(
                distribution,
                Duration.ofSeconds(10),
                () -> Optional.empty(),
                () -> inUse,
                Optional.empty(),
                new WslExe(() -> "wsl.exe", runner),
                Samples.NOTHING_REMEMBERED,
                () -> Samples.NAT,
                () -> now);
    }

    @Test
    void asksInsideTheDistributionThatRuns() {
        runner.then(ended(0, Samples.utf16("Ubuntu\r\nDebian\r\n"))).thenPrints(NAT_ANSWER);

        assertThat(any.probe(Depth.FULL).summary()).startsWith("WSL is at 172.30.98.229");
        assertThat(runner.ranSince()).containsExactly(GATE, inside("Ubuntu"));
    }

    @Test
    void neverAsksInsideWhileNothingRuns() {
        runner.thenPrints("").thenPrints("\r\n");

        assertThat(any.probe(Depth.FULL).state()).isInstanceOf(TargetState.Down.class);
        assertThat(any.probe(Depth.FULL).state()).isInstanceOf(TargetState.Down.class);
        assertThat(runner.ranSince()).containsExactly(GATE, GATE);
    }

    @Test
    void theNamedDistributionMustRunItself() {
        runner.thenPrints("Debian\r\nUbuntu-22.04\r\n");

        assertThat(ubuntu.probe(Depth.FULL).summary())
                .isEqualTo("WSL is stopped: ubuntu is not running, only Debian, Ubuntu-22.04");
        assertThat(runner.ranSince()).containsExactly(GATE);
    }

    /** WSL 1 has no VM: its ports are those of Windows, while the servers of WSL 2 are elsewhere. */
    @Test
    void aDistributionOfWsl1IsPassedOverWhileAnotherRuns() {
        runner.thenPrints("Legacy\r\ndocker-desktop\r\nUbuntu\r\n")
                .thenPrints(WSL1_ANSWER)
                .thenPrints(NAT_ANSWER);

        ProbeReport report = any.probe(Depth.FULL);

        assertThat(report.summary()).startsWith("WSL is at 172.30.98.229");
        assertThat(report.lines()).contains("  so  Legacy is of WSL 1, so the next one is asked");
        assertThat(runner.ranSince()).containsExactly(GATE, inside("Legacy"), inside("Ubuntu"));
    }

    @Test
    void whereOnlyWsl1RunsItsPortsAreOnTheLan() {
        runner.thenPrints("Legacy\r\nOlder\r\n").thenPrints(WSL1_ANSWER).thenPrints(WSL1_ANSWER);

        assertThat(any.probe(Depth.FULL).state()).isInstanceOf(TargetState.OnLan.class);
        assertThat(runner.ranSince()).containsExactly(GATE, inside("Legacy"), inside("Older"));
    }

    @Test
    void theAnswerOfWsl1HoldsOnlyUntilAnotherDistributionStarts() {
        runner.thenPrints("Legacy\r\n").thenPrints(WSL1_ANSWER).thenPrints("Legacy\r\n");
        runner.thenPrints("Legacy\r\nUbuntu\r\n").thenPrints(WSL1_ANSWER).thenPrints(NAT_ANSWER);
        runner.thenPrints("Legacy\r\n").thenPrints(WSL1_ANSWER);

        assertThat(any.probe(Depth.ROUTINE).state()).isInstanceOf(TargetState.OnLan.class);
        assertThat(any.probe(Depth.ROUTINE).state()).isInstanceOf(TargetState.OnLan.class);
        assertThat(any.probe(Depth.ROUTINE).state()).isInstanceOf(TargetState.Up.class);
        assertThat(any.probe(Depth.ROUTINE).state()).isInstanceOf(TargetState.OnLan.class);
    }

    /** The user means its servers. */
    @Test
    void aNamedDistributionOfWsl1IsTaken() {
        runner.thenPrints("Debian\r\nUbuntu\r\n").thenPrints(WSL1_ANSWER);

        assertThat(ubuntu.probe(Depth.FULL).state()).isInstanceOf(TargetState.OnLan.class);
        assertThat(runner.ranSince()).containsExactly(GATE, inside("Ubuntu"));
    }

    @Test
    void namesAreComparedAsWslDoes() {
        runner.thenPrints("Debian\r\r\nUBUNTU\r\r\n").thenPrints(NAT_ANSWER);

        assertThat(ubuntu.probe(Depth.FULL).state()).isInstanceOf(TargetState.Up.class);
        assertThat(runner.ranSince()).containsExactly(GATE, inside("UBUNTU"));
    }

    @Test
    void whileOnlyDockersOwnDistributionRunsTheVmIsStopped() {
        runner.thenPrints("docker-desktop\r\nDebian\r\n").thenPrints(NAT_ANSWER);
        runner.thenPrints("docker-desktop\r\n");

        any.probe(Depth.FULL);

        assertThat(any.probe(Depth.FULL).summary())
                .isEqualTo("WSL is stopped: no distribution is running, only docker-desktop");
        assertThat(runner.ranSince()).containsExactly(GATE, inside("Debian"), GATE);
    }

    static Stream<Arguments> answers() {
        String nat = "WSL is at 172.30.98.229, ";
        String onLan = "WSL shares the addresses of Windows (";
        return Stream.of(
                arguments("nat", NAT_ANSWER, nat),
                arguments(
                        "Arch, Alpine: by ip",
                        "nat\n--addresses--\n2: eth0    inet 172.30.98.229/20 brd 172.30.111.255 scope global eth0\n",
                        nat),
                arguments(
                        "nothing but /proc",
                        "nat\n--addresses--\n           |-- 172.30.98.229\n              /32 host LOCAL\n--\n",
                        nat),
                arguments("without the marker", "172.30.98.229", nat),
                arguments("a mode of tomorrow", "quantum\n--addresses--\n172.30.98.229\n", nat),
                arguments("bridged", "bridged\n--addresses--\n192.168.1.77 \n", "WSL is at 192.168.1.77, "),
                arguments("mirrored", "mirrored\n--addresses--\n192.168.1.20 \n", onLan + "mirrored"),
                arguments("mirrored, no network", "mirrored\n--addresses--\n\n", onLan + "mirrored"),
                arguments("virtioproxy", "virtioproxy\n--addresses--\n192.168.1.20\n", onLan + "virtioproxy"),
                arguments("consomme", "consomme\n--addresses--\n192.168.1.20\n", onLan + "consomme"),
                arguments("wsl1", "wsl1\n--addresses--\n192.168.1.20 172.30.96.1\n", onLan + "wsl1"),
                arguments("a mode of tomorrow that shares", "quantum\n--addresses--\n192.168.1.20\n", onLan),
                arguments("nat that fell back", "nat\n--addresses--\n192.168.1.20\n", onLan),
                arguments("none", "none\n--addresses--\n\n", "Asking WSL failed: the networking mode is \"none\""),
                arguments("not up yet", "nat\n--addresses--\n\n", "Asking WSL failed: the VM has no address yet"),
                arguments("nothing", "", "Asking WSL failed: the VM has no address yet"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void modeAndAddressesDecide(String what, String answer, String summary) {
        runner.thenPrints("Ubuntu\r\n").thenPrints(answer);

        assertThat(any.probe(Depth.FULL).summary()).as(what).startsWith(summary);
    }

    @Test
    void failedConnectsThatTeachNothingNewLookInsideLessAndLessOften() {
        runner.thenPrints("Ubuntu").thenPrints(NAT_ANSWER);
        any.probe(Depth.FULL);
        runner.ranSince();
        runner.alwaysThen(command -> FakeRunner.ended(0, command.contains("--running") ? "Ubuntu" : NAT_ANSWER));
        for (int second = 1; second <= 300; second++) {
            now += Duration.ofSeconds(1).toNanos();
            any.probe(Depth.CONNECT_FAILED);
        }

        assertThat(runner.ranSince().stream().filter(command -> !command.equals(GATE)))
                .hasSizeBetween(8, 11);
    }

    @Test
    void aFailedConnectLooksInsideAtOnceIfNoneDidBefore() {
        runner.thenPrints("Ubuntu").thenPrints(NAT_ANSWER);
        any.probe(Depth.FULL);
        runner.ranSince();
        now += Duration.ofSeconds(1).toNanos();
        runner.thenPrints("Ubuntu").thenPrints("nat\n--addresses--\n172.30.101.7\n");

        assertThat(any.probe(Depth.CONNECT_FAILED).summary()).contains("172.30.101.7");
    }

    @Test
    void aRoutineProbeDoesNotTouchTheVmAgain() {
        runner.thenPrints("Ubuntu").thenPrints(NAT_ANSWER).thenPrints("Ubuntu");
        any.probe(Depth.FULL);
        runner.ranSince();
        now += Duration.ofHours(1).toNanos();

        ProbeReport report = any.probe(Depth.ROUTINE);

        assertThat(report.summary()).contains("172.30.98.229");
        assertThat(report.lines()).anyMatch(line -> line.contains("so as not to keep the VM awake"));
        assertThat(runner.ranSince()).containsExactly(GATE);
    }

    @Test
    void aRoutineProbeLooksEachMinuteWhileLinksAreOpen() {
        runner.thenPrints("Ubuntu").thenPrints(NAT_ANSWER).thenPrints("Ubuntu");
        runner.thenPrints("Ubuntu").thenPrints(NAT_ANSWER);
        any.probe(Depth.FULL);
        inUse = true;
        now += Duration.ofSeconds(59).toNanos();
        any.probe(Depth.ROUTINE);
        now += Duration.ofSeconds(1).toNanos();
        any.probe(Depth.ROUTINE);

        assertThat(runner.ranSince()).containsExactly(GATE, inside("Ubuntu"), GATE, GATE, inside("Ubuntu"));
    }

    @Test
    void aRoutineProbeLooksWhenTheDistributionWasStartedAnew() {
        runner.thenPrints("Ubuntu").thenPrints(NAT_ANSWER).thenPrints("");
        runner.thenPrints("Ubuntu").thenPrints("nat\n--addresses--\n172.30.101.7\n");
        any.probe(Depth.ROUTINE);
        any.probe(Depth.ROUTINE);

        assertThat(any.probe(Depth.ROUTINE).summary()).contains("172.30.101.7");
    }

    @Test
    void aLookThatFailedIsTakenAgainEverMoreSeldom() {
        runner.alwaysThen(command -> command.contains("-l") ? ended(0, "Ubuntu") : ended(0, "nat\n--addresses--\n\n"));
        any.probe(Depth.FULL);
        for (int second = 0; second < 600; second += 5) {
            now += Duration.ofSeconds(5).toNanos();
            any.probe(Depth.ROUTINE);
        }

        assertThat(runner.ranSince()).filteredOn(inside("Ubuntu")::equals).hasSizeBetween(11, 15);
    }

    @Test
    void aGateThatFailsIsNoStoppedVm() {
        runner.then(new CommandResult.TimedOut("", TOOK));
        runner.then(new CommandResult.NotStarted("CreateProcess error=2", TOOK));

        assertThat(kind(any.probe(Depth.ROUTINE))).isEqualTo(Kind.STARTING);
        assertThat(kind(any.probe(Depth.ROUTINE))).isEqualTo(Kind.NOT_INSTALLED);
        assertThat(runner.ranSince()).containsExactly(GATE, GATE);
    }

    /** wsl.exe lists nothing before the VM is up, and whoever restarts WSL meanwhile stops what is starting. */
    @Test
    void aStartThatTakesItsTimeIsNoFaultUntilAMinuteHasPassed() {
        runner.alwaysThen(command -> new CommandResult.TimedOut("", Duration.ofSeconds(10)));

        for (int second = 0; second < 60; second += 15) {
            ProbeReport report = any.probe(Depth.ROUTINE);
            assertThat(kind(report)).isEqualTo(Kind.STARTING);
            assertThat(report.summary()).contains("is starting or stopping").doesNotContain("--shutdown");
            now += Duration.ofSeconds(15).toNanos();
        }

        assertThat(kind(any.probe(Depth.ROUTINE))).isEqualTo(Kind.TIMED_OUT);
        assertThat(any.probe(Depth.ROUTINE).summary()).contains("wsl --shutdown");
    }

    @Test
    void aListThatAnswersInBetweenBeginsTheMinuteAnew() {
        runner.then(new CommandResult.TimedOut("", Duration.ofSeconds(10)));
        any.probe(Depth.ROUTINE);
        runner.thenPrints("");
        any.probe(Depth.ROUTINE);
        now += Duration.ofMinutes(5).toNanos();
        runner.then(new CommandResult.TimedOut("", Duration.ofSeconds(10)));

        assertThat(kind(any.probe(Depth.ROUTINE))).isEqualTo(Kind.STARTING);
    }

    @Test
    void theScriptPassesTheCommandLineOfWindowsUnchanged() {
        assertThat(GuestScript.text(false)).doesNotContain("\"", "\\");
        assertThat(GuestScript.text(true)).startsWith(GuestScript.text(false)).doesNotContain("\"", "\\");
    }

    private static Kind kind(ProbeReport report) {
        return report.failure().orElseThrow().kind();
    }

    private static String inside(String distribution) {
        return String.join(" ", List.of("wsl.exe", "-d", distribution, "-e", "sh", "-c", GuestScript.TEXT));
    }
}
