package io.github.wslproxy.wsl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalNetworkTest {

    @Test
    void theSystemTellsItsLoopbackNetwork() {
        assertThat(LocalNetwork.ofThisComputer())
                .anySatisfy(network -> assertThat(network.contains(Samples.address("127.0.0.53")))
                        .isTrue());
    }
}
