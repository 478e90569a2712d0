package io.github.wslproxy.doctor;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.status.Snapshot;
import io.github.wslproxy.windows.PortOwners.HeldPort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListeningCheckTest {
    private final FakeEnvironment computer = new FakeEnvironment();

    @Test
    void aListenNameThatNobodyKnowsIsNoPortThatSomebodyHolds() throws Exception {
        computer.config = computer.config.replace("port = 5173", "listen = \"nosuch.invalid:5173\"");
        computer.proxy.listening = Snapshot.ForwardState.FAILED;
        computer.owner = Optional.of(new HeldPort("somebody holds it", "end it"));

        assertThat(computer.finding(ChainLink.LISTENING))
                .isEqualTo(Finding.broken(
                        ChainLink.LISTENING,
                        "nosuch.invalid:5173: the name nosuch.invalid is not known",
                        "correct the name in listen, or add it to the hosts file"));
    }

    @Test
    void anAddressWhoseAdapterIsAwayIsNoNameToCorrect() throws Exception {
        computer.config = computer.config.replace("port = 5173", "listen = \"[fe80::1%nowhere0]:5173\"");
        computer.proxy.listening = Snapshot.ForwardState.FAILED;

        assertThat(computer.finding(ChainLink.LISTENING).seen())
                .isEqualTo("[fe80::1%nowhere0]:5173: the adapter of [fe80::1%nowhere0] is not there");
        assertThat(computer.finding(ChainLink.LISTENING).cure()).isEqualTo("ipconfig");
    }

    @Test
    void anAddressThatNoAdapterHasIsNoPortThatSomebodyHolds() throws Exception {
        computer.config = computer.config.replace("port = 5173", "listen = \"192.168.9.9:5173\"");
        computer.proxy.listening = Snapshot.ForwardState.FAILED;
        computer.absent = List.of(ip("192.168.9.9"));

        assertThat(computer.finding(ChainLink.LISTENING).seen())
                .isEqualTo("192.168.9.9:5173: no network adapter has the address 192.168.9.9 now");
        assertThat(computer.finding(ChainLink.LISTENING).cure()).isEqualTo("ipconfig");
    }
}
