package io.github.wslproxy.cli;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanUrlTest {
    private static final Optional<InetAddress> LAN = Optional.of(ip("192.168.1.7"));

    @ParameterizedTest
    @ValueSource(strings = {"*:5173", "0.0.0.0:5173", "[::]:5173", "192.168.1.7:5173"})
    void aForwardThatTheLanReachesHasAUrl(String listen) {
        assertThat(LanUrl.of("tcp", List.of(listen), LAN)).contains("http://192.168.1.7:5173/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:5173", "[::1]:5173", "localhost:5173", "192.168.1.77:5173", "10.0.0.1:5173"})
    void aForwardThatTheLanDoesNotReachHasNone(String listen) {
        assertThat(LanUrl.of("tcp", List.of(listen), LAN)).isEmpty();
    }

    @Test
    void theFirstEntryThatTheLanReachesCounts() {
        assertThat(LanUrl.of("tcp+udp", List.of("127.0.0.1:1", "0.0.0.0:2", "[::]:3"), LAN))
                .contains("http://192.168.1.7:2/");
    }

    @Test
    void whatNoBrowserOpensIsAnAddressAndPorts() {
        assertThat(LanUrl.of("udp", List.of("*:27015"), LAN)).contains("192.168.1.7:27015");
        assertThat(LanUrl.of("tcp", List.of("*:8000-8010"), LAN)).contains("192.168.1.7:8000-8010");
    }

    @Test
    void aLoneComputerHasNone() {
        assertThat(LanUrl.of("tcp", List.of("*:5173"), Optional.empty())).isEmpty();
    }
}
