package io.github.wslproxy.windows.firewall;

import static io.github.wslproxy.testing.Forwards.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Access;
import io.github.wslproxy.forward.AddressBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteAddressesTest {
    private static final List<AddressBlock> LOOPBACK = List.of(block("127.0.0.0", 8), block("::1", 128));

    private static List<AddressBlock> privateAnd(AddressBlock... more) {
        List<AddressBlock> blocks = new ArrayList<>(Access.PRIVATE);
        blocks.addAll(Arrays.asList(more));
        return blocks;
    }

    private static RemoteAddresses list(String... entries) {
        return new RemoteAddresses(List.of(entries));
    }

    @Test
    void privateIsTheLocalSubnet() {
        assertThat(RemoteAddresses.of(privateAnd()).entries()).containsExactly("LocalSubnet");
    }

    @Test
    void blocksAreListedBesideIt() {
        assertThat(RemoteAddresses.of(privateAnd(block("203.0.113.0", 24), block("2001:db8::1", 128)))
                        .entries())
                .containsExactly("LocalSubnet", "203.0.113.0/24", "2001:db8::1");
    }

    @Test
    void aPartOfPrivateIsListed() {
        assertThat(RemoteAddresses.of(List.of(block("192.168.0.0", 16), block("192.168.7.66", 32)))
                        .entries())
                .containsExactly("192.168.0.0/16", "192.168.7.66");
    }

    @Test
    void everyAddressIsAny() {
        assertThat(RemoteAddresses.of(privateAnd(block("0.0.0.0", 0), block("::", 0)))
                        .entries())
                .containsExactly("Any");
    }

    @Test
    void loopbackNeedsNothing() {
        assertThat(RemoteAddresses.of(LOOPBACK).entries()).isEmpty();
        assertThat(RemoteAddresses.of(List.of(block("127.0.0.1", 32))).entries())
                .isEmpty();
    }

    @Test
    void withoutWordsTheLocalSubnetIsWhatPrivateMeans() {
        assertThat(list("LocalSubnet", "203.0.113.0/24").withoutWords().entries())
                .containsExactly(
                        "10.0.0.0/8",
                        "172.16.0.0/12",
                        "192.168.0.0/16",
                        "169.254.0.0/16",
                        "fc00::/7",
                        "fe80::/10",
                        "203.0.113.0/24");
    }

    @ParameterizedTest
    @CsvSource({
        "LocalSubnet, LocalSubnet, true",
        "192.168.7.0/24, LocalSubnet, false",
        "192.168.7.0/255.255.255.0, 192.168.7.0/24, true",
        "192.168.7.0-192.168.7.255, 192.168.7.0/24, true",
        "192.168.7.1-192.168.7.255, 192.168.7.0/24, false",
        "192.168.0.0/16, 192.168.7.66, true",
        "192.168.7.66, 192.168.0.0/16, false",
        "fd00::/8, fd12::5, true",
        "fd00::/8, 10.0.0.5, false",
        "LocalSubnet, Any, false",
        "Any, LocalSubnet, true",
        "DNS, 10.0.0.5, false"
    })
    void whetherARuleLetsInAllThatIsWanted(String has, String wanted, boolean covers) {
        assertThat(list(has).covers(list(wanted))).isEqualTo(covers);
    }

    @Test
    void aRuleForAllPrivateAddressesCoversTheLocalSubnet() {
        assertThat(list("LocalSubnet").withoutWords().covers(list("LocalSubnet")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "LocalSubnet, LocalSubnet, true",
        "203.0.113.0/255.255.255.0, 203.0.113.0/24, true",
        "192.168.7.66-192.168.7.66, 192.168.7.66, true",
        "192.168.0.0/16, 192.168.7.66, false",
        "Any, LocalSubnet, false"
    })
    void oneListMayBeWrittenInSeveralWays(String has, String wanted, boolean isLike) {
        assertThat(list(has).isLike(list(wanted))).isEqualTo(isLike);
        assertThat(list(wanted).isLike(list(has))).isEqualTo(isLike);
    }
}
