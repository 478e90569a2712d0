package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanUrlsTest {
    private static final List<InetAddress> LAN = List.of(ip("192.168.1.7"));

    @ParameterizedTest
    @ValueSource(strings = {"*:5173", "0.0.0.0:5173", "[::]:5173", "192.168.1.7:5173"})
    void aForwardThatTheLanReachesHasAUrl(String listen) {
        assertThat(LanUrls.of("tcp", List.of(listen), LAN)).containsExactly("http://192.168.1.7:5173/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:5173", "[::1]:5173", "localhost:5173", "192.168.1.77:5173", "10.0.0.1:5173"})
    void aForwardThatTheLanDoesNotReachHasNone(String listen) {
        assertThat(LanUrls.of("tcp", List.of(listen), LAN)).isEmpty();
    }

    @Test
    void theFirstEntryThatTheLanReachesCounts() {
        assertThat(LanUrls.of("tcp+udp", List.of("127.0.0.1:1", "0.0.0.0:2", "[::]:3"), LAN))
                .containsExactly("http://192.168.1.7:2/");
    }

    @Test
    void whatNoBrowserOpensIsAnAddressAndPorts() {
        assertThat(LanUrls.of("udp", List.of("*:27015"), LAN)).containsExactly("192.168.1.7:27015");
        assertThat(LanUrls.of("tcp", List.of("*:8000-8010"), LAN)).containsExactly("192.168.1.7:8000-8010");
    }

    @Test
    void aLoneComputerHasNone() {
        assertThat(LanUrls.of("tcp", List.of("*:5173"), List.of())).isEmpty();
    }

    @Test
    void eachAddressThatAnEntryListensOnHasOneInTheOrderOfTheAddresses() {
        List<InetAddress> addresses = List.of(ip("192.168.1.7"), ip("10.0.0.7"), ip("2001:db8::7"));

        assertThat(LanUrls.of("tcp", List.of("*:5173"), addresses))
                .containsExactly("http://192.168.1.7:5173/", "http://10.0.0.7:5173/", "http://[2001:db8::7]:5173/");
        assertThat(LanUrls.of("tcp", List.of("0.0.0.0:5173"), addresses))
                .containsExactly("http://192.168.1.7:5173/", "http://10.0.0.7:5173/");
        assertThat(LanUrls.of("tcp", List.of("[2001:db8::7]:5173"), addresses))
                .containsExactly("http://[2001:db8::7]:5173/");
    }

    @Test
    void theZoneOfAnAddressIsNoPartOfAUrl() throws Exception {
        InetAddress scoped = Inet6Address.getByAddress(null, ip("fd00::7").getAddress(), 1);

        assertThat(LanUrls.of("tcp", List.of("*:5173"), List.of(scoped))).containsExactly("http://[fd00::7]:5173/");
    }
}
