package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.target.TargetState;
import io.github.wslproxy.target.WslSettings;
import io.github.wslproxy.wsl.ProbeFailure;
import io.github.wslproxy.wsl.ProbeReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WslCheckTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @Test
    void aFixedAddressIsTakenWithoutAsking() throws Exception {
        computer.config = "[wsl]\naddress = \"172.30.98.229\"\n" + computer.config;
        computer.probe = ProbeReport.learned(new TargetState.Down("nobody may ask"));

        assertThat(computer.state(ChainLink.WSL)).isEqualTo(FindingState.SKIPPED);
        assertThat(computer.seen(ChainLink.ADDRESS)).isEqualTo("172.30.98.229: fixed by [wsl] address");
        assertThat(computer.seen(ChainLink.SERVER))
                .isEqualTo("with [wsl] address there is no way to look inside the VM");
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_INSTALLED,WSL",
        "WRONG_ACCOUNT,WSL",
        "TIMED_OUT,WSL",
        "FAILED,WSL",
        "DISTRIBUTION_NOT_FOUND,DISTRIBUTION",
        "NO_DISTRIBUTION,DISTRIBUTION",
        "STARTING,WSL",
        "NOT_THE_VM,ADDRESS",
        "NO_ADDRESS,ADDRESS"
    })
    void eachFailureOfTheProbeBreaksItsLink(ProbeFailure.Kind kind, ChainLink link) throws Exception {
        computer.probe =
                ProbeReport.failed(new ProbeFailure(kind, "what was seen", "what was seen", Optional.of("what to do")));

        Finding broken = computer.examine(Optional.empty()).firstBroken().orElseThrow();

        assertThat(broken.link()).isEqualTo(link);
        assertThat(broken.seen()).contains("what was seen");
        assertThat(broken.cure()).isEqualTo("what to do");
        assertThat(computer.state(ChainLink.TARGET)).isEqualTo(FindingState.SKIPPED);
    }

    @Test
    void aDistributionThatDoesNotExistIsToldFromOneThatSleeps() throws Exception {
        computer.config = "[wsl]\ncommand = [\"stand-in\"]\n" + computer.config;
        computer.probe = ProbeReport.learned(new TargetState.Down("Ubunut is not running"));
        computer.distributions = Optional.empty();
        assertThat(computer.state(ChainLink.DISTRIBUTION)).isEqualTo(FindingState.NOT_KNOWN);

        computer.distributions = Optional.of(List.of("Debian"));
        assertThat(computer.state(ChainLink.DISTRIBUTION)).isEqualTo(FindingState.OK);
        assertThat(computer.state(ChainLink.VM)).isEqualTo(FindingState.BROKEN);
    }

    @Test
    void aProxyThatSendsElsewhereIsSeen() throws Exception {
        computer.proxy.sendsTo = "172.30.0.9";

        assertThat(computer.seen(ChainLink.ADDRESS)).contains("172.30.98.229").contains("172.30.0.9");
        assertThat(computer.state(ChainLink.ADDRESS)).isEqualTo(FindingState.BROKEN);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            REFUSE, new clients are refused until it is back; wslproxy never wakes it
            HOLD,   new clients wait up to 30s for it; wslproxy never wakes it
            WAKE,   a new client wakes it: new clients wait up to 30s for it
            """)
    void whileTheVmIsStoppedItIsSaidWhatClientsGet(WslSettings.OnStopped onStopped, String what) throws Exception {
        computer.probe = ProbeReport.learned(new TargetState.Down("no distribution is running"));
        computer.onStopped = onStopped;

        assertThat(computer.finding(ChainLink.VM).note())
                .isEqualTo("it sleeps again when nothing of yours runs in it; " + what);
    }

    @Test
    void aForwardForWslNeedsNoLanAndWslIsLookedAt() throws Exception {
        computer.config = "[[forward]]\nname = \"vite\"\nlisten = \"wsl:5432\"\ntarget = \"127.0.0.1:5433\"\n";

        assertThat(computer.finding(ChainLink.LAN).state()).isEqualTo(FindingState.INFO);
        assertThat(computer.seen(ChainLink.LAN)).isEqualTo("it listens for WSL only, as its listen says");
        assertThat(computer.state(ChainLink.VM)).isEqualTo(FindingState.OK);
    }
}
