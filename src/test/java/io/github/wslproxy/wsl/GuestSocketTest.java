package io.github.wslproxy.wsl;

import static io.github.wslproxy.testing.Forwards.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.wslproxy.forward.Protocol;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestSocketTest {
    @ParameterizedTest
    @CsvSource({
        "'::', true, 172.30.98.229, true",
        "'::', true, fd00::1, true",
        "'::', false, 172.30.98.229, false",
        "'::', false, fd00::1, true",
        "0.0.0.0, false, 172.30.98.229, true",
        "0.0.0.0, false, fd00::1, false",
        "127.0.0.1, false, 127.0.0.1, true",
        "127.0.0.1, false, 172.30.98.229, false"
    })
    void aSocketHearsWhatItsAddressCovers(String address, boolean dualStack, String destination, boolean hears) {
        assertThat(new GuestSocket(Protocol.TCP, ip(address), 80, dualStack).hears(ip(destination)))
                .isEqualTo(hears);
    }
}
