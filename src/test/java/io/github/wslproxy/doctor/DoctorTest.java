package io.github.wslproxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.doctor.Doctor.NoSuchForwardException;
import io.github.wslproxy.doctor.Finding.FindingState;
import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.windows.firewall.NetworkCategory;
import io.github.wslproxy.windows.task.Account;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoctorTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @Test
    void theLinksComeInTheOrderOfTheChain() throws Exception {
        assertThat(computer.examine(Optional.empty()).findings())
                .extracting(Finding::link)
                .isSorted();
    }

    @Test
    void everyBrokenLinkHasACure() throws Exception {
        computer.proxy.java = Optional.of(new Snapshot.Java("17.0.12", true, true));
        computer.account = new Account("NT\\SYSTEM", Optional.of("S-1-5-18"), Optional.empty(), Optional.empty());
        computer.targetRefuses();
        computer.guest = FakeEnvironment.servers("127.0.0.1");
        computer.firewall.category = NetworkCategory.PUBLIC;

        List<Finding> broken = computer.examine(Optional.empty()).findings().stream()
                .filter(Finding::isBroken)
                .toList();

        assertThat(broken)
                .extracting(Finding::link)
                .containsExactly(
                        ChainLink.EXCLUSIVE_BIND,
                        ChainLink.ACCOUNT,
                        ChainLink.TARGET,
                        ChainLink.SERVER,
                        ChainLink.NETWORK_PROFILE);
        assertThat(broken).extracting(Finding::cure).allMatch(cure -> !cure.isBlank());
    }

    @Test
    void whatIsNotAnsweredInTimeIsNotKnownAndTheWalkIsBounded() throws Exception {
        computer.everythingHangs = true;
        long began = System.nanoTime();

        List<Finding> findings =
                computer.examine(Optional.empty(), Duration.ofMillis(500)).findings();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(findings)
                .filteredOn(finding -> finding.state() == FindingState.OK)
                .extracting(Finding::link)
                .containsExactly(ChainLink.CONFIGURATION, ChainLink.LAN);
        assertThat(findings)
                .filteredOn(finding -> finding.state() == FindingState.NOT_KNOWN)
                .extracting(Finding::link)
                .contains(
                        ChainLink.ACCOUNT,
                        ChainLink.RUNNING,
                        ChainLink.LOGON_TASK,
                        ChainLink.WSL,
                        ChainLink.FIREWALL_RULE,
                        ChainLink.VPN);
    }

    @Test
    void aForwardIsLookedAtByItsName() throws Exception {
        computer.config += "[[forward]]\nname = \"game\"\nprotocol = \"udp\"\nport = 27015\n";

        assertThat(computer.examine(Optional.of("game")).findings())
                .extracting(Finding::forward)
                .containsOnly("", "game");
        assertThatThrownBy(() -> computer.examine(Optional.of("gaem")))
                .isInstanceOf(NoSuchForwardException.class)
                .hasMessage("no forward is called \"gaem\" (expected one of: vite, game)");
    }

    @Test
    void aConfigurationThatIsNotThereIsToBeWritten() throws Exception {
        computer.config = "[wsl]\n";
        Finding nothingToForward =
                computer.examine(Optional.empty()).firstBroken().orElseThrow();

        assertThat(nothingToForward.link()).isEqualTo(ChainLink.CONFIGURATION);
        Diagnosis absent =
                Doctor.ofThisComputer().examine(java.nio.file.Path.of("nowhere", "proxy.toml"), Optional.empty());
        assertThat(absent.firstBroken().orElseThrow().cure()).startsWith("wslproxy init --config ");
    }

    @Test
    void aForwardThatIsSwitchedOffIsSaidToBe() {
        computer.config += """

                [[forward]]
                name = "off"
                port = 9999
                enabled = false
                """;

        assertThatThrownBy(() -> computer.examine(Optional.of("off")))
                .isInstanceOf(NoSuchForwardException.class)
                .hasMessage("\"off\" is switched off by enabled = false, so nothing listens for it");
    }

    @ParameterizedTest
    @CsvSource({"auto-5174, AUTO", "share-5174, SHARE"})
    void whatRunsBesideTheFileCanBeAskedForByItsName(String name, Snapshot.Origin origin) throws Exception {
        computer.proxy.beside = List.of(FakeProxy.beside(name, origin));

        Diagnosis diagnosis = computer.examine(Optional.of(name));

        assertThat(diagnosis.findings())
                .contains(Finding.ok(ChainLink.LISTENING, "*:5174").of(name));
        assertThat(diagnosis.findings())
                .contains(Finding.ok(ChainLink.TARGET, "172.30.98.229:5174 accepts")
                        .of(name));
        assertThatThrownBy(() -> computer.examine(Optional.of("nobody")))
                .hasMessageContaining("expected one of: vite, " + name);
    }
}
