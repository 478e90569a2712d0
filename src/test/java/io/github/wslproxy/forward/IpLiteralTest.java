package io.github.wslproxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::, ::",
        "::1, ::1",
        "fe80:0:0:0:1:0:0:1, fe80::1:0:0:1",
        "2001:db8:0:0:1:0:0:0, 2001:db8:0:0:1::",
        "2001:DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1::, 1::",
        "fe80::1%1, fe80::1%1",
    })
    void ipv6IsWrittenWithItsLongestRunOfZerosLeftOut(String literal, String written) {
        InetAddress address = Objects.requireNonNull(IpLiteral.parse(literal));
        assertThat(IpLiteral.text(address)).isEqualTo(written);
    }

    @Test
    void aMappedAddressIsIpv4() {
        assertThat(IpLiteral.parse("::ffff:10.1.2.3"))
                .isInstanceOf(Inet4Address.class)
                .hasToString("/10.1.2.3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "256.1.1.1",
                "1.2.3.4 ",
                "0x7f.1",
                "::1::",
                "12345::",
                "[::1]",
                "::1%no-such-adapter",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "::ffff:256.1.1.1",
                "fe80::1%",
                "002001:db8::1",
                "::ffff:010.1.2.3",
                "::ffff:1.2.3",
                "a.b.c.d"
            })
    void whatIsNoLiteralIsRefused(String text) {
        assertThat(IpLiteral.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:5173", "[::1]:0", "[fe80::1%3]:65535"})
    void anAddressWithItsPortIsReadBack(String text) {
        InetSocketAddress address = Objects.requireNonNull(IpLiteral.parseWithPort(text));

        assertThat(IpLiteral.withPort(address.getAddress(), address.getPort())).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:1", "[::1]", "[127.0.0.1:1", "x:1"})
    void whatIsNoAddressWithAPortIsNone(String text) {
        assertThat(IpLiteral.parseWithPort(text)).isNull();
    }
}
