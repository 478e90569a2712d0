package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.FakeRunner.TOOK;
import static io.github.wslproxy.testing.FakeRunner.ended;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.CommandResult;
import io.github.wslproxy.testing.FakeRunner;
import io.github.wslproxy.wsl.ProbeFailure.Kind;
import io.github.wslproxy.wsl.WslProbe.Depth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HintedProbeTest {
    private static final String QUERY =
            "reg.exe query HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss /v NatIpAddress";

    private final FakeRunner reg = new FakeRunner();

    @Test
    void whileWslHangsTheAddressThatWindowsRemembersIsAHint() {
        reg.thenPrints(registry("172.30.98.229"));

        ProbeReport report = probe(failed(Kind.TIMED_OUT)).probe(Depth.FULL);

        assertThat(report.outcome())
                .isEqualTo(new ProbeOutcome.Hinted(
                        Samples.address("172.30.98.229"), new ProbeFailure(Kind.TIMED_OUT, "seen")));
        assertThat(report.lines())
                .contains("Windows remembers 172.30.98.229: lies in the network of vEthernet (WSL (Hyper-V firewall))"
                        + " (172.30.96.1/20)");
        assertThat(reg.ranSince()).containsExactly(QUERY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"172.20.5.5", "172.30.96.1", "192.168.1.20"})
    void anAddressOfNoAdaptersNetworkOrOfThisComputerIsNoHint(String remembered) {
        reg.thenPrints(registry(remembered));
        ProbeOutcome hanging = failed(Kind.TIMED_OUT);

        ProbeReport report = probe(hanging).probe(Depth.FULL);

        assertThat(report.outcome()).isEqualTo(hanging);
        assertThat(report.lines()).anyMatch(line -> line.contains("not taken"));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"TIMED_OUT", "STARTING"},
            mode = EnumSource.Mode.EXCLUDE)
    void whenWslDoesAnswerNobodyAsksTheRegistry(Kind kind) {
        ProbeOutcome outcome = failed(kind);

        assertThat(probe(outcome).probe(Depth.FULL).outcome()).isEqualTo(outcome);
        assertThat(reg.ranSince()).isEmpty();
    }

    @Test
    void aRegistryThatTellsNothingLeavesTheFailure() {
        ProbeOutcome hanging = failed(Kind.TIMED_OUT);
        reg.then(ended(1, "ERROR: The system was unable to find the specified registry key or value.\r\n"))
                .thenPrints("")
                .thenPrints(registry("not-an-address"))
                .then(new CommandResult.NotStarted("no such file", TOOK));

        for (int i = 0; i < 4; i++) {
            assertThat(probe(hanging).probe(Depth.FULL).outcome()).isEqualTo(hanging);
        }
    }

    @Test
    void elsewhereThanOnWindowsNothingIsRun() {
        assertThat(new NatIpRegistry(reg, "reg.exe", false).read()).isEmpty();
        assertThat(reg.ranSince()).isEmpty();
    }

    private WslProbe probe(ProbeOutcome outcome) {
        return new HintedProbe(
                depth -> new ProbeReport(outcome, List.of()),
                new NatIpRegistry(reg, "reg.exe", true),
                () -> Samples.NAT);
    }

    private static ProbeOutcome failed(Kind kind) {
        return new ProbeOutcome.Failed(new ProbeFailure(kind, "seen"));
    }

    private static String registry(String address) {
        return "\r\nHKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Lxss\r\n    NatIpAddress    REG_SZ    "
                + address
                + "\r\n\r\n";
    }
}
