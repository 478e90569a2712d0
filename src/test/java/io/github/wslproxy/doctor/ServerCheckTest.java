package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.forward.IpLiteral;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.wsl.GuestScan;
import io.github.wslproxy.wsl.ProbeReport;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerCheckTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @ParameterizedTest
    @CsvSource(textBlock = """
            0.0.0.0,             true,  OK
            172.30.98.229,       true,  OK
            172.17.0.1 0.0.0.0,  true,  OK
            127.0.0.1,           false, BROKEN
            172.17.0.1,          false, BROKEN
            '::',                false, BROKEN
            127.0.0.1,           true,  INFO
            """)
    void theServerInsideTheVmIsJudgedByWhereItListens(String addresses, boolean accepts, FindingState state)
            throws Exception {
        computer.guest = FakeEnvironment.servers(addresses);
        if (!accepts) {
            computer.targetRefuses();
        }

        assertThat(computer.state(ChainLink.SERVER)).isEqualTo(state);
    }

    @Test
    void aServerThatIsNotThereAtAllIsToldFromOneOnLocalhost() throws Exception {
        computer.targetRefuses();
        computer.guest = new GuestScan.Seen("Ubuntu", "nat", List.of());

        assertThat(computer.finding(ChainLink.TARGET).cure()).isEqualTo("start the server in WSL");
        assertThat(computer.seen(ChainLink.SERVER)).isEqualTo("nobody listens on tcp 5173 in Ubuntu");
    }

    @Test
    void wslsOwnRelayIsOfferedOnlyWhereItLeadsToNoLoop() throws Exception {
        computer.targetRefuses();
        computer.guest = FakeEnvironment.servers("127.0.0.1");
        assertThat(computer.finding(ChainLink.SERVER).note()).contains("0.0.0.0:15173");

        computer.config = "[[forward]]\nname = \"vite\"\nlisten = \"192.168.1.20:5173\"\n";
        assertThat(computer.finding(ChainLink.SERVER).note()).endsWith("target = \"localhost:5173\" in the forward");

        computer.guest = new GuestScan.Seen(
                "Ubuntu", "bridged", ((GuestScan.Seen) FakeEnvironment.servers("127.0.0.1")).sockets());
        assertThat(computer.finding(ChainLink.SERVER).note()).isEmpty();
    }

    @Test
    void aServerOnLocalhostIsNoFaultWhereWslsOwnRelayLeadsThere() throws Exception {
        computer.localhost = true;
        computer.targetRefuses();
        computer.guest = FakeEnvironment.servers("127.0.0.1");

        assertThat(computer.state(ChainLink.SERVER)).isEqualTo(FindingState.INFO);
        assertThat(computer.state(ChainLink.TARGET)).isEqualTo(FindingState.INFO);
        assertThat(computer.seen(ChainLink.RELAY))
                .isEqualTo("a connection to 192.168.1.20:5173 came through to 127.0.0.1:5173");

        computer.guest = FakeEnvironment.servers("172.17.0.1");
        assertThat(computer.state(ChainLink.TARGET)).isEqualTo(FindingState.BROKEN);
    }

    @Test
    void inMirroredModeTheServerHasToListenWhereTheLanComes() throws Exception {
        computer.probe = ProbeReport.learned(
                new TargetState.OnLan("mirrored", IpLiteral.of("127.0.0.1"), "the networking mode says so"));
        computer.proxy.listening = Snapshot.ForwardState.WAITING;
        computer.proxy.listeningError = "*:5173: not needed";
        computer.targetRefuses();
        computer.guest = FakeEnvironment.servers("127.0.0.1");

        assertThat(computer.finding(ChainLink.SERVER).cure()).isEqualTo("npx vite --host");
        assertThat(computer.state(ChainLink.FIREWALL_RULE)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.state(ChainLink.LAN)).isEqualTo(FindingState.INFO);
    }
}
