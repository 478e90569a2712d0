package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static io.github.wslproxy.wsl.Samples.LAN;
import static io.github.wslproxy.wsl.Samples.LOOPBACK;
import static io.github.wslproxy.wsl.Samples.WSL_ADAPTER;
import static io.github.wslproxy.wsl.Samples.network;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.os.LocalNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WslNetworksTest {
    /** Windows lists adapters by age, and that of WSL is young. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 8})
    void aTunnelBeforeTheAdapterOfWslIsPassedOver(int prefixOfTunnel) {
        LocalNetwork tunnel = network("WireGuard Tunnel", "172.16.0.2", prefixOfTunnel);

        assertThat(WslNetworks.around(ip("172.30.98.229"), List.of(LOOPBACK, tunnel, LAN, WSL_ADAPTER)))
                .contains(block("172.30.98.229", 20));
    }

    @Test
    void anAddressInNoNetworkIsTakenAlone() {
        assertThat(WslNetworks.around(ip("172.30.98.229"), List.of(LOOPBACK, LAN)))
                .contains(block("172.30.98.229", 32));
    }

    @Test
    void whileTheSystemTellsNoNetworkThatOfWslIsNotKnown() {
        assertThat(WslNetworks.around(ip("172.30.98.229"), List.of())).isEmpty();
    }
}
