package io.github.wslproxy.windows.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "192.168.7.0/24, 192.168.7.0-192.168.7.255",
        "192.168.7.9/24, 192.168.7.0-192.168.7.255",
        "192.168.7.0/255.255.255.0, 192.168.7.0-192.168.7.255",
        "10.0.0.0/255.255.255.255, 10.0.0.0",
        "10.0.0.0/0.0.0.0, 0.0.0.0-255.255.255.255",
        "fd00::/16, fd00::-fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void oneRangeHasSeveralSpellings(String text, String same) {
        assertThat(AddressRange.read(text)).isPresent().isEqualTo(AddressRange.read(same));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LocalSubnet",
                "10.0.0.9-10.0.0.1",
                "10.0.0.1-::1",
                "10.0.0.0/255.0.255.0",
                "10.0.0.0/0.0.0.255",
                "10.0.0.0/ffff:ffff:ffff::",
                "fd00::/255.0.0.0",
                "10.0.0.0/33",
                "fd00::/129",
                "10.0.0.0/"
            })
    void whatIsNoRangeIsNotKnown(String text) {
        assertThat(AddressRange.read(text)).isEmpty();
    }
}
