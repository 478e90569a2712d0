package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.FakeRunner.TOOK;
import static io.github.wslproxy.testing.FakeRunner.ended;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The address that Windows remembers, which stands in for an answer of wsl.exe that does not come. */
class WindowsProbeHintTest {
    private static final String QUERY =
            "reg.exe query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss /v NatIpAddress";
    private static final CommandResult HANGING = new CommandResult.TimedOut("", TOOK);

    private final FakeRunner reg = new FakeRunner();
    private long now;

    @Test
    void whileWslHangsTheAddressThatWindowsRemembersIsAHint() {
        WslProbe probe = probe(HANGING);
        for (Kind kind : new Kind[] {Kind.STARTING, Kind.TIMED_OUT}) {
            reg.thenPrints(registry("172.30.98.229"));

            ProbeReport report = probe.probe(Depth.FULL);

            assertThat(report.state().address()).contains(Samples.address("172.30.98.229"));
            assertThat(report.hasAddress()).isFalse();
            assertThat(report.failure().map(ProbeFailure::kind)).contains(kind);
            assertThat(report.lines())
                    .contains(
                            "Windows remembers 172.30.98.229: lies in the network of vEthernet (WSL (Hyper-V firewall))"
                                    + " (172.30.96.1/20)");
            assertThat(reg.ranSince()).containsExactly(QUERY);
            now += Duration.ofMinutes(2).toNanos();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.20.5.5", "172.30.96.1", "192.168.1.20"})
    void anAddressOfNoAdaptersNetworkOrOfThisComputerIsNoHint(String remembered) {
        reg.thenPrints(registry(remembered));

        ProbeReport report = probe(HANGING).probe(Depth.FULL);

        assertThat(report.state()).isInstanceOf(TargetState.Unknown.class);
        assertThat(report.lines()).anyMatch(line -> line.contains("not taken"));
    }

    @Test
    void whenWslDoesAnswerNobodyAsksTheRegistry() {
        assertThat(probe(ended(-1, "Error code: Wsl/E_FAIL")).probe(Depth.FULL).failure())
                .isPresent();
        assertThat(probe(ended(0, "")).probe(Depth.FULL).failure()).isEmpty();
        assertThat(probe(new CommandResult.NotStarted("no such file", TOOK))
                        .probe(Depth.FULL)
                        .failure())
                .isPresent();
        assertThat(reg.ranSince()).isEmpty();
    }

    @Test
    void aRegistryThatTellsNothingLeavesTheFailure() {
        reg.then(ended(1, "ERROR: The system was unable to find the specified registry key or value.\r\n"))
                .thenPrints("")
                .thenPrints(registry("not-an-address"))
                .then(new CommandResult.NotStarted("no such file", TOOK));

        WslProbe probe = probe(HANGING);
        for (int i = 0; i < 4; i++) {
            assertThat(probe.probe(Depth.FULL).state()).isInstanceOf(TargetState.Unknown.class);
        }
    }

    @Test
    void elsewhereThanOnWindowsNothingIsRun() {
        assertThat(new NatIpRegistry(reg, "reg.exe", false).read()).isEmpty();
        assertThat(reg.ranSince()).isEmpty();
    }

    private WslProbe probe(CommandResult list) {
        return new WindowsProbe(
                Optional.empty(),
                Duration.ofSeconds(10),
                Optional::empty,
                () -> false,
                Optional.empty(),
                new WslExe(() -> "wsl.exe", new FakeRunner().alwaysThen(command -> list)),
                new NatIpRegistry(reg, "reg.exe", true),
                () -> Samples.NAT,
                () -> now);
    }

    private static String registry(String address) {
        return "\r\nHKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss\r\n    NatIpAddress    REG_SZ    "
                + address
                + "\r\n\r\n";
    }
}
