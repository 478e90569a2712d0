package io.github.wslproxy.app;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.wslproxy.forward.AddressBlock;
import io.github.wslproxy.os.LocalNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LanAddressesTest {
    private static final String WIFI = "Intel(R) Wi-Fi 6 AX201 160MHz=192.168.1.20/24";
    private static final String WSL = "Hyper-V Virtual Ethernet Adapter #2=172.30.96.1/20";
    private static final String LOOPBACK = "Software Loopback Interface 1=127.0.0.1/8";

    static Stream<Arguments> computers() {
        String tunnel = "WireGuard Tunnel=10.8.0.2/-1";
        String dialUp = "ppp_4=10.9.0.2/32";
        String cable = "Realtek PCIe GbE Family Controller=192.168.2.20/24";
        String external = "Hyper-V Virtual Ethernet Adapter #3=192.168.3.20/24";
        String office = "Intel(R) Ethernet I219-LM=203.0.113.20/24";
        return Stream.of(
                arguments("Wi-Fi", LOOPBACK + ", " + WSL + ", " + WIFI, "192.168.1.20", "192.168.1.20/24"),
                arguments(
                        "the default route first",
                        WIFI + ", " + cable,
                        "192.168.2.20",
                        "192.168.2.20/24 192.168.1.20/24"),
                arguments("a VPN that takes all", tunnel + ", " + WIFI, "10.8.0.2", "192.168.1.20/24 10.8.0.2/32"),
                arguments("Windows' own VPN", dialUp + ", " + WIFI, "10.9.0.2", "192.168.1.20/24 10.9.0.2/32"),
                arguments(
                        "a VPN, and a public address",
                        tunnel + ", " + office,
                        "10.8.0.2",
                        "203.0.113.20/24 10.8.0.2/32"),
                arguments("a VPN that takes some", tunnel + ", " + WIFI, "192.168.1.20", "192.168.1.20/24 10.8.0.2/32"),
                arguments("only a VPN", tunnel + ", " + WSL, "10.8.0.2", "10.8.0.2/32"),
                arguments("an external switch", external + ", " + WSL, "192.168.3.20", "192.168.3.20/24"),
                arguments(
                        "an external switch beside Wi-Fi",
                        external + ", " + WIFI,
                        "192.168.3.20",
                        "192.168.1.20/24 192.168.3.20/24"),
                arguments(
                        "the other addresses of an external switch",
                        external + ", Hyper-V Virtual Ethernet Adapter #3=2001:db8::20/64",
                        "192.168.3.20",
                        "192.168.3.20/24 2001:db8::20/64"),
                arguments("no default route", WSL + ", " + WIFI, "", "192.168.1.20/24"),
                arguments("alone", LOOPBACK + ", Wi-Fi=169.254.1.2/16, Wi-Fi=fe80::1/64", "", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("computers")
    void theAddressThatTheLanKnowsIsFirst(String what, String adapters, String route, String expected) {
        List<LocalNetwork> networks =
                Stream.of(adapters.split(", ")).map(LanAddressesTest::network).toList();
        Optional<InetAddress> leavingFrom = route.isEmpty() ? Optional.empty() : Optional.of(ip(route));

        List<AddressBlock> lan = LanAddresses.of(networks, leavingFrom);

        assertThat(lan.stream().map(AddressBlock::toString).collect(Collectors.joining(" ")))
                .as(what)
                .isEqualTo(expected);
    }

    private static LocalNetwork network(String text) {
        String[] parts = text.split("[=/]", -1);
        return new LocalNetwork(parts[0], ip(parts[1]), Integer.parseInt(parts[2]));
    }

    @Test
    void theSystemIsAskedEveryFiveSecondsAtMost() {
        AtomicInteger asked = new AtomicInteger();
        AtomicLong now = new AtomicLong();
        LanAddresses lan = new LanAddresses(() -> List.of(block("10.0.0." + asked.incrementAndGet(), 8)), now::get);

        assertThat(lan.addresses()).containsExactly(block("10.0.0.1", 8));
        now.set(Duration.ofMillis(4999).toNanos());
        assertThat(lan.addresses()).containsExactly(block("10.0.0.1", 8));
        now.set(Duration.ofSeconds(5).toNanos());
        assertThat(lan.addresses()).containsExactly(block("10.0.0.2", 8));
    }
}
