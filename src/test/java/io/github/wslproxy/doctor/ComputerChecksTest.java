package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.doctor.JavaCheck.JavaFacts;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.windows.task.Account;
import io.github.wslproxy.windows.task.Autostart;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ComputerChecksTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @Test
    void aMissingKeepAliveIsNoBreak() throws Exception {
        computer.proxy.java = Optional.of(new Snapshot.Java("17.0.9", false, false));

        assertThat(computer.state(ChainLink.KEEP_ALIVE)).isEqualTo(FindingState.INFO);
    }

    @Test
    void theJavaIsThatOfTheProxyAndNotTheDoctors() throws Exception {
        computer.java = new JavaFacts(21, "21.0.1", "C:\\other");
        assertThat(computer.seen(ChainLink.JAVA)).isEqualTo("wslproxy runs on Java 17.0.12");

        computer.proxy.java = Optional.empty();
        assertThat(computer.state(ChainLink.JAVA)).isEqualTo(FindingState.INFO);
        assertThat(computer.state(ChainLink.EXCLUSIVE_BIND)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.state(ChainLink.KEEP_ALIVE)).isEqualTo(FindingState.NOT_KNOWN);

        computer.java = new JavaFacts(11, "11.0.2", "C:\\jdk");
        assertThat(computer.state(ChainLink.JAVA)).isEqualTo(FindingState.BROKEN);
    }

    @ParameterizedTest
    @CsvSource({"S-1-5-18,,,BROKEN", "S-1-5-21-7,false,true,BROKEN", "S-1-5-21-7,true,false,INFO", ",,,NOT_KNOWN"})
    void theAccountIsJudged(String sid, Boolean elevated, Boolean sessionZero, FindingState state) throws Exception {
        computer.account = new Account(
                "u", Optional.ofNullable(sid), Optional.ofNullable(elevated), Optional.ofNullable(sessionZero));

        assertThat(computer.state(ChainLink.ACCOUNT)).isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource
    void theLogonTaskIsInformation(Autostart.AutostartState state) throws Exception {
        computer.autostart = state;

        assertThat(computer.state(ChainLink.LOGON_TASK))
                .isEqualTo(state == Autostart.AutostartState.NOT_KNOWN ? FindingState.NOT_KNOWN : FindingState.INFO);
    }

    @Test
    void whatStartsAtLogonIsThisConfiguration() throws Exception {
        computer.autostart = Autostart.AutostartState.NONE;

        assertThat(computer.seen(ChainLink.LOGON_TASK))
                .isEqualTo("wslproxy does not start at logon: wslproxy install --config proxy.toml");
    }

    @Test
    void onAnotherSystemWhatMattersOnWindowsIsSkipped() throws Exception {
        computer.windows = false;
        computer.firewall.tells = false;

        assertThat(computer.state(ChainLink.EXCLUSIVE_BIND)).isEqualTo(FindingState.SKIPPED);
        assertThat(computer.state(ChainLink.ACCOUNT)).isEqualTo(FindingState.SKIPPED);
        assertThat(computer.state(ChainLink.LOGON_TASK)).isEqualTo(FindingState.SKIPPED);
        assertThat(computer.seen(ChainLink.FIREWALL_RULE)).isEqualTo("only the firewall of Windows is read");
    }

    @ParameterizedTest
    @CsvSource({
        "Tailscale Tunnel,INFO",
        "WireGuard Tunnel,INFO",
        "TAP-Windows Adapter V9,INFO",
        "Cisco AnyConnect Virtual Miniport Adapter,INFO",
        "tun0,INFO",
        "wg0,INFO",
        "ppp0,INFO",
        "ppp_4,INFO",
        "Contoso VPN,INFO",
        "Intel(R) Wi-Fi 6 AX201 160MHz,OK",
        "Realtek PCIe GbE Family Controller,OK",
        "tunnelbear-free,OK",
        "eth0,OK"
    })
    void aVpnIsKnownByItsAdapterAndBreaksNothing(String adapter, FindingState state) throws Exception {
        computer.adapters = List.of(adapter);

        assertThat(computer.state(ChainLink.VPN)).isEqualTo(state);
    }

    @Test
    void adaptersThatCannotBeListedAreNoSignOfNoVpn() throws Exception {
        computer.adapters = List.of();

        assertThat(computer.state(ChainLink.VPN)).isEqualTo(FindingState.NOT_KNOWN);
    }
}
