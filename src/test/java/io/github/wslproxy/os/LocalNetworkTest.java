package io.github.wslproxy.os;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalNetworkTest {

    @Test
    void theSystemTellsItsLoopbackNetwork() {
        assertThat(LocalNetwork.ofThisComputer()).anySatisfy(network -> assertThat(network.contains(ip("127.0.0.53")))
                .isTrue());
    }

    /** Java before 21 on Windows gives -1 for the adapters of VPNs. */
    @ParameterizedTest
    @CsvSource({"10.8.0.2, -1, 32", "10.8.0.2, 33, 32", "10.8.0.2, 0, 32", "fd00::2, 129, 128"})
    void aPrefixThatCannotBeRightIsNotKnown(String address, int told, int alone) {
        LocalNetwork network = new LocalNetwork("WireGuard Tunnel", ip(address), told);

        assertThat(network.prefix()).isZero();
        assertThat(network.block()).isEqualTo(block(address, alone));
        assertThat(network.contains(ip(address))).isFalse();
        assertThat(network.isBroadcast(ip(address))).isFalse();
    }
}
