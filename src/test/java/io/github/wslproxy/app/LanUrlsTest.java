package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.forward.Endpoint;
import io.github.wslproxy.forward.Forward;
import io.github.wslproxy.forward.Host;
import io.github.wslproxy.forward.PortRange;
import io.github.wslproxy.testing.Forwards;
import java.net.Inet6Address;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanUrlsTest {
    private static final AddressBlock WLAN = block("192.168.1.7", 24);
    private static final List<AddressBlock> LAN = List.of(WLAN);
    private static final List<AddressBlock> ANY = List.of(block("0.0.0.0", 0), block("::", 0));
    private static final List<AddressBlock> PRIVATE = List.of(
            block("10.0.0.0", 8),
            block("172.16.0.0", 12),
            block("192.168.0.0", 16),
            block("169.254.0.0", 16),
            block("fc00::", 7),
            block("fe80::", 10),
            block("127.0.0.0", 8),
            block("::1", 128));

    private static Forward tcp(String host, int listen, int target) {
        return Forwards.tcp().listen(host, listen).toWsl(target).named("web");
    }

    private static Forward allowing(List<AddressBlock> allow, List<AddressBlock> deny) {
        return Forwards.tcp().listen("*", 5173).toWsl(5173).access(allow, deny).named("web");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "0.0.0.0", "::", "192.168.1.7"})
    void aForwardThatTheLanReachesHasAUrl(String listen) {
        assertThat(LanUrls.of(tcp(listen, 5173, 5173), LAN))
                .isEqualTo(new LanUrls(List.of("http://192.168.1.7:5173/"), ""));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "::1", "192.168.1.77", "10.0.0.1"})
    void aForwardThatTheLanDoesNotReachHasNoneAndSaysWhy(String listen) {
        LanUrls none = LanUrls.of(tcp(listen, 5173, 5173), LAN);

        assertThat(none.urls()).isEmpty();
        assertThat(none.whyNone()).contains(listen, "5173 only, where no other device comes");
        assertThat(LanUrls.of(Forwards.tcp().listenName("localhost", 1).toWsl(1).named("web"), LAN)
                        .whyNone())
                .contains("localhost:1");
    }

    @Test
    void theFirstEntryThatTheLanReachesCounts() {
        Forward forward = Forwards.tcp()
                .listen("127.0.0.1", 1)
                .listen("0.0.0.0", 2)
                .listen("::", 3)
                .toWsl(80)
                .named("web");

        assertThat(LanUrls.of(forward, LAN).urls()).containsExactly("http://192.168.1.7:2/");
    }

    @ParameterizedTest
    @CsvSource({
        "22, ssh -p 2000 192.168.1.7",
        "2222, ssh -p 2000 192.168.1.7",
        "80, http://192.168.1.7:2000/",
        "3000, http://192.168.1.7:2000/",
        "8080, http://192.168.1.7:2000/",
        "443, https://192.168.1.7:2000/",
        "8443, https://192.168.1.7:2000/",
        "5432, postgresql://192.168.1.7:2000",
        "3306, mysql://192.168.1.7:2000",
        "6379, redis://192.168.1.7:2000",
        "27017, mongodb://192.168.1.7:2000",
        "3389, mstsc /v:192.168.1.7:2000",
        "5900, vnc://192.168.1.7:2000",
        "47113, 192.168.1.7:2000",
    })
    void thePortOfTheTargetTellsWhatListensThere(int target, String expected) {
        assertThat(LanUrls.of(tcp("*", 2000, target), LAN).urls()).containsExactly(expected);
    }

    @Test
    void theUsualPortIsLeftOutWhereAPersonWouldLeaveItOut() {
        assertThat(LanUrls.of(tcp("*", 22, 22), LAN).urls()).containsExactly("ssh 192.168.1.7");
        assertThat(LanUrls.of(tcp("*", 443, 443), LAN).urls()).containsExactly("https://192.168.1.7/");
        assertThat(LanUrls.of(tcp("*", 22, 22), List.of(block("fd00::7", 64))).urls())
                .containsExactly("ssh fd00::7");
    }

    @Test
    void udpAndRangesAreAnAddressAndPorts() {
        Forward udp = Forwards.udp().listen("*", 27015).toWsl(80).named("web");
        Forward one = tcp("*", 8000, 8000);
        PortRange range = new PortRange(8000, 8010);
        Forward many = new Forward(
                "many",
                one.protocols(),
                List.of(new Endpoint(new Host.Everywhere(), range)),
                new Endpoint(new Host.Wsl(), range),
                one.access(),
                one.timeouts(),
                one.limits(),
                one.proxyProtocol());

        assertThat(LanUrls.of(udp, LAN).urls()).containsExactly("192.168.1.7:27015");
        assertThat(LanUrls.of(many, LAN).urls()).containsExactly("192.168.1.7:8000-8010");
    }

    @Test
    void aLoneComputerHasNone() {
        assertThat(LanUrls.of(tcp("*", 5173, 5173), List.of()))
                .isEqualTo(LanUrls.none("this computer has no address on a LAN"));
    }

    @Test
    void eachAddressThatAnEntryListensOnHasOneInTheOrderOfTheAddresses() {
        List<AddressBlock> addresses = List.of(WLAN, block("10.0.0.7", 8), block("2001:db8::7", 64));

        assertThat(LanUrls.of(tcp("*", 5173, 5173), addresses).urls())
                .containsExactly("http://192.168.1.7:5173/", "http://10.0.0.7:5173/", "http://[2001:db8::7]:5173/");
        assertThat(LanUrls.of(tcp("0.0.0.0", 5173, 5173), addresses).urls())
                .containsExactly("http://192.168.1.7:5173/", "http://10.0.0.7:5173/");
        assertThat(LanUrls.of(tcp("2001:db8::7", 5173, 5173), addresses).urls())
                .containsExactly("http://[2001:db8::7]:5173/");
    }

    @Test
    void theZoneOfAnAddressIsNoPartOfAUrl() throws Exception {
        AddressBlock scoped =
                new AddressBlock(Inet6Address.getByAddress(null, ip("fd00::7").getAddress(), 1), 64);

        assertThat(LanUrls.of(tcp("*", 5173, 5173), List.of(scoped)).urls()).containsExactly("http://[fd00::7]:5173/");
    }

    // ---- allow, deny

    @Test
    void anAddressWhoseNeighboursAreNotLetInIsNotShown() {
        List<AddressBlock> lan = List.of(WLAN, block("203.0.113.10", 24));

        assertThat(LanUrls.of(allowing(PRIVATE, List.of()), lan).urls()).containsExactly("http://192.168.1.7:5173/");
        assertThat(LanUrls.of(allowing(ANY, List.of()), lan).urls())
                .containsExactly("http://192.168.1.7:5173/", "http://203.0.113.10:5173/");
    }

    @Test
    void whereAllowLetsInNobodyOfTheLanThatIsSaid() {
        List<AddressBlock> loopback = List.of(block("127.0.0.0", 8), block("::1", 128));

        assertThat(LanUrls.of(allowing(loopback, List.of()), LAN))
                .isEqualTo(LanUrls.none("allow and deny let in nobody of 192.168.1.0/24"));
        assertThat(LanUrls.of(allowing(PRIVATE, List.of(block("192.168.0.0", 16))), LAN)
                        .urls())
                .isEmpty();
    }

    /** As the relays have it: who is in the same IPv6 network is on the LAN. */
    @Test
    void ipv6NeighboursCountAsPrivate() {
        List<AddressBlock> lan = List.of(WLAN, block("2001:db8::7", 64));

        assertThat(LanUrls.of(allowing(PRIVATE, List.of()), lan).urls())
                .containsExactly("http://192.168.1.7:5173/", "http://[2001:db8::7]:5173/");
        assertThat(LanUrls.of(allowing(List.of(block("192.168.0.0", 16)), List.of()), lan)
                        .urls())
                .containsExactly("http://192.168.1.7:5173/");
        assertThat(LanUrls.of(allowing(PRIVATE, List.of(block("2001:db8::", 32))), lan)
                        .urls())
                .containsExactly("http://192.168.1.7:5173/");
    }

    @Test
    void oneNeighbourThatIsLetInIsEnough() {
        assertThat(Stream.of(block("192.168.1.50", 32), block("192.168.1.128", 25), block("192.168.0.0", 16)))
                .allSatisfy(allowed -> assertThat(
                                LanUrls.of(allowing(List.of(allowed), List.of(block("192.168.1.51", 32))), LAN)
                                        .urls())
                        .hasSize(1));
        AddressBlock ann = block("192.168.1.50", 32);
        assertThat(LanUrls.of(allowing(List.of(ann), List.of(ann)), LAN).urls()).isEmpty();
    }

    /** Such as a branch office, whose packets a router brings. */
    @Test
    void aPrivateNetworkElsewhereThatIsNamedComesInByAPrivateAddress() {
        List<AddressBlock> lan = List.of(WLAN, block("203.0.113.10", 24));

        assertThat(LanUrls.of(allowing(List.of(block("10.20.0.0", 16)), List.of()), lan)
                        .urls())
                .containsExactly("http://192.168.1.7:5173/");
    }
}
