package io.github.wslproxy.windows.firewall;

import static io.github.wslproxy.testing.Forwards.block;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.AddressBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteScopeTest {
    private static final List<AddressBlock> LOOPBACK = List.of(block("127.0.0.0", 8), block("::1", 128));

    private static List<AddressBlock> privateAnd(AddressBlock... more) {
        List<AddressBlock> blocks = new ArrayList<>(RemoteScope.PRIVATE);
        blocks.addAll(LOOPBACK);
        blocks.addAll(Arrays.asList(more));
        return blocks;
    }

    @Test
    void privateIsTheLocalSubnet() {
        assertThat(RemoteScope.of(privateAnd())).containsExactly("LocalSubnet");
    }

    @Test
    void blocksAreListedBesideIt() {
        assertThat(RemoteScope.of(privateAnd(block("203.0.113.0", 24), block("2001:db8::1", 128))))
                .containsExactly("LocalSubnet", "203.0.113.0/24", "2001:db8::1");
    }

    @Test
    void aPartOfPrivateIsListed() {
        assertThat(RemoteScope.of(List.of(block("192.168.0.0", 16), block("192.168.7.66", 32))))
                .containsExactly("192.168.0.0/16", "192.168.7.66");
    }

    @Test
    void everyAddressIsAny() {
        assertThat(RemoteScope.of(privateAnd(block("0.0.0.0", 0), block("::", 0))))
                .containsExactly("Any");
    }

    @Test
    void loopbackNeedsNothing() {
        assertThat(RemoteScope.of(LOOPBACK)).isEmpty();
        assertThat(RemoteScope.of(List.of(block("127.0.0.1", 32)))).isEmpty();
    }

    @Test
    void withoutWordsTheLocalSubnetIsWhatPrivateMeans() {
        assertThat(RemoteScope.withoutWords(List.of("LocalSubnet", "203.0.113.0/24")))
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
        assertThat(RemoteScope.covers(List.of(has), List.of(wanted))).isEqualTo(covers);
    }

    @Test
    void aRuleForAllPrivateAddressesCoversTheLocalSubnet() {
        assertThat(RemoteScope.covers(RemoteScope.withoutWords(List.of("LocalSubnet")), List.of("LocalSubnet")))
                .isTrue();
        assertThat(RemoteScope.covers(List.of(), List.of("Any"))).isTrue();
        assertThat(RemoteScope.covers(List.of(), List.of("LocalSubnet"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, true", // a word of a later Windows: rather concerned than not
        "192.168.7.0/99, true",
        "300.1.1.1, true",
        "203.0.113.5-203.0.113.9, false",
        "203.0.113.5-fe80::1, true"
    })
    void whatCannotBeReadIsTakenToConcernTheLan(String entry, boolean concerns) {
        assertThat(RemoteScope.concerns(List.of(entry), List.of("LocalSubnet"))).isEqualTo(concerns);
    }
}
