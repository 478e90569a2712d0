package io.github.wslproxy.forward;

import static io.github.wslproxy.testing.Forwards.block;
import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressBlockTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0, 255.255.255.255",
        "128.0.0.0, 1, 255.0.0.0",
        "10.0.0.0, 8, 10.255.255.255",
        "172.16.0.0, 12, 172.31.255.255",
        "192.168.128.0, 17, 192.168.255.255",
        "192.168.1.0, 24, 192.168.1.255",
        "192.168.1.254, 31, 192.168.1.255",
        "192.168.1.7, 32, 192.168.1.7",
        "192.168.1.99, 24, 192.168.1.1",
        "::, 0, ffff::",
        "fc00::, 7, fdff:ffff::1",
        "fe80::, 10, febf::1",
        "2001:db8::, 33, 2001:db8:7fff::1",
        "fd00::, 127, fd00::1",
        "fd00::1, 128, fd00::1",
        "::ffff:10.0.0.0, 8, 10.1.2.3",
        "10.0.0.0, 8, ::ffff:10.1.2.3",
    })
    void whatAgreesInAllBitsOfThePrefixIsInside(String network, int prefix, String address) {
        assertThat(block(network, prefix).contains(ip(address))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "128.0.0.0, 1, 127.255.255.255",
        "10.0.0.0, 8, 11.0.0.0",
        "172.16.0.0, 12, 172.32.0.0",
        "172.16.0.0, 12, 172.15.255.255",
        "192.168.128.0, 17, 192.168.127.255",
        "192.168.1.0, 24, 192.168.2.0",
        "192.168.1.254, 31, 192.168.1.253",
        "192.168.1.7, 32, 192.168.1.6",
        "fc00::, 7, fe00::",
        "fe80::, 10, fec0::",
        "2001:db8::, 33, 2001:db8:8000::",
        "fd00::1, 128, fd00::2",
        "0.0.0.0, 0, ::1",
        "::, 0, 127.0.0.1",
    })
    void whatDiffersInOneBitOfThePrefixOrInTheFamilyIsOutside(String network, int prefix, String address) {
        assertThat(block(network, prefix).contains(ip(address))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, -1", "0.0.0.0, 33", "::, 129"})
    void aPrefixThatTheFamilyDoesNotHaveIsRefused(String network, int prefix) {
        assertThatThrownBy(() -> block(network, prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(prefix));
    }

    @Test
    void isWrittenAsInTheConfiguration() {
        assertThat(block("192.168.1.0", 24)).hasToString("192.168.1.0/24");
        assertThat(block("fc00::", 7)).hasToString("fc00::/7");
    }
}
