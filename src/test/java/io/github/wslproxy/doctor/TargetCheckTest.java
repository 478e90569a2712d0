package io.github.wslproxy.doctor;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.doctor.SocketDialer.DialResult;
import io.github.wslproxy.status.StatusAnswer;
import io.github.wslproxy.wsl.GuestScan;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetCheckTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @Test
    void aTargetThatIsSilentIsToldFromOneThatRefuses() throws Exception {
        computer.guest = new GuestScan.Unreadable("x");
        computer.targetRefuses();
        assertThat(computer.seen(ChainLink.TARGET)).isEqualTo("172.30.98.229:5173 refuses: nobody listens there");

        computer.target = new DialResult.TimedOut(Duration.ofSeconds(5));
        assertThat(computer.seen(ChainLink.TARGET)).isEqualTo("172.30.98.229:5173 does not answer within 5000 ms");
        assertThat(computer.finding(ChainLink.TARGET).cure()).isEqualTo("sudo ufw status");
        assertThat(computer.finding(ChainLink.TARGET).note()).contains("only if there is none: wsl --shutdown");

        computer.target = new DialResult.Impossible("there is no route to it");
        assertThat(computer.seen(ChainLink.TARGET))
                .isEqualTo("172.30.98.229:5173 cannot be reached: there is no route to it");
    }

    @Test
    void ofARangeThePortsThatAcceptAreNamed() throws Exception {
        computer.config = "[[forward]]\nname = \"many\"\nlisten = \"0.0.0.0:8000-8100\"\n";

        assertThat(computer.seen(ChainLink.TARGET))
                .isEqualTo("172.30.98.229:8000 accepts; of 8 ports that were tried, 8 do: 8000 8001 8002 8003 8004"
                        + " 8005 8006 8007");
    }

    /** There is no way to look inside the VM, so only the proxy can tell. */
    @ParameterizedTest
    @ValueSource(strings = {"address = \"172.30.98.229\"", "command = [\"print-it\"]"})
    void aServerThatIsReachedThroughLocalhostIsNoFaultWhereTheVmCannotBeLookedInto(String wsl) throws Exception {
        computer.config += "[wsl]\n" + wsl + "\nlocalhost = true\n";
        computer.targetRefuses();
        computer.proxy.via = "localhost";

        assertThat(computer.finding(ChainLink.TARGET))
                .isEqualTo(Finding.info(
                                ChainLink.TARGET,
                                "172.30.98.229:5173 refuses: nobody listens there; wslproxy reaches the server through"
                                        + " WSL's localhost relay")
                        .noting("the better way is a server that listens on 0.0.0.0; if it is Vite: npx vite --host"));
        assertThat(computer.finding(ChainLink.RELAY))
                .isEqualTo(Finding.ok(
                        ChainLink.RELAY, "a connection to 192.168.1.20:5173 came through to 127.0.0.1:5173"));
        assertThat(computer.examine(Optional.empty()).findings()).noneMatch(Finding::isBroken);
    }

    @Test
    void aServerThatIsNotReachedThroughLocalhostEitherStaysBroken() throws Exception {
        computer.config += "[wsl]\naddress = \"172.30.98.229\"\nlocalhost = true\n";
        computer.targetRefuses();

        assertThat(computer.state(ChainLink.TARGET)).isEqualTo(FindingState.BROKEN);

        computer.config = computer.config.replace("localhost = true", "localhost = false");
        computer.dialed.clear();
        assertThat(computer.state(ChainLink.TARGET)).isEqualTo(FindingState.BROKEN);
        assertThat(computer.dialed)
                .as("refused for sure")
                .doesNotContain(new InetSocketAddress(FakeEnvironment.LAN, 5173));
    }

    @Test
    void aProxyThatDoesNotAnswerLeavesOpenWhatOnlyItKnows() throws Exception {
        computer.config += "[wsl]\naddress = \"172.30.98.229\"\nlocalhost = true\n";
        computer.targetRefuses();
        computer.proxy.status = Optional.of(new StatusAnswer.Unclear("it did not answer within 2000 ms"));

        assertThat(computer.finding(ChainLink.TARGET))
                .isEqualTo(Finding.notKnown(
                        ChainLink.TARGET,
                        "172.30.98.229:5173 refuses: nobody listens there; WSL's localhost relay may lead to the server,"
                                + " but wslproxy could not be asked"));
        assertThat(computer.seen(ChainLink.RELAY)).isEqualTo("wslproxy could not be asked");
    }

    @Test
    void aTargetByNameIsLookedUp() throws Exception {
        computer.config = "[[forward]]\nname = \"nas\"\nport = 8080\ntarget = \"nas.test:80\"\n";
        assertThat(computer.state(ChainLink.TARGET)).isEqualTo(FindingState.BROKEN);

        computer.names.put("nas.test", ip("192.168.1.9"));
        assertThat(computer.seen(ChainLink.TARGET)).isEqualTo("192.168.1.9:80 accepts");
        assertThat(computer.state(ChainLink.WSL)).isEqualTo(FindingState.SKIPPED);
        assertThat(computer.state(ChainLink.SERVER)).isEqualTo(FindingState.SKIPPED);
    }

    /** As the relay does: a server for development often listens on ::1 alone. */
    @Test
    void ofATargetNameEveryAddressIsTried() throws Exception {
        computer.config = "[[forward]]\nname = \"web\"\nport = 8080\ntarget = \"localhost:3000\"\n";
        computer.names.put("localhost", ip("127.0.0.1"));
        computer.secondAddresses.put("localhost", ip("::1"));
        computer.at.put(ip("127.0.0.1"), new DialResult.Refused());
        assertThat(computer.finding(ChainLink.TARGET)).isEqualTo(Finding.ok(ChainLink.TARGET, "[::1]:3000 accepts"));

        computer.at.put(ip("::1"), new DialResult.Refused());
        assertThat(computer.seen(ChainLink.TARGET))
                .isEqualTo("127.0.0.1:3000 refuses: nobody listens there; [::1]:3000 refuses: nobody listens there");
    }

    @Test
    void aTargetNameThatDoesNotResolveIsTheBrokenLink() throws Exception {
        computer.config += "target = \"nosuch.invalid:80\"";

        assertThat(computer.finding(ChainLink.TARGET))
                .isEqualTo(Finding.broken(
                        ChainLink.TARGET,
                        "the name nosuch.invalid does not resolve",
                        "correct the name in target, or add it to the hosts file"));
    }

    @Test
    void aUdpForwardIsNotSaidToWork() throws Exception {
        computer.config = "[[forward]]\nname = \"game\"\nprotocol = \"udp\"\nport = 27015\n";

        assertThat(computer.state(ChainLink.RELAY)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.state(ChainLink.TARGET)).isEqualTo(FindingState.NOT_KNOWN);
        assertThat(computer.dialed).isEmpty();
    }
}
