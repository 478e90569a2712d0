package io.github.wslproxy.relay.tcp;

import static io.github.wslproxy.testing.Forwards.ip;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.wslproxy.forward.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.LeakPresenceDetector;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The bytes are put together by hand from the specification, proxy-protocol.txt of HAProxy: version 1 from section 2.1
 * with its examples, version 2 from section 2.2.
 */
class ProxyHeaderTest {
    private static final String LONGEST = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    /** Signature, version 2 and PROXY. */
    private static final String V2_BEGINNING = "0D0A0D0A000D0A515549540A 21";

    @AfterEach
    void nothingIsLost() throws Exception {
        LeakPresenceDetector.check();
    }

    @Test
    void version1IsTheLineOfTheSpecification() {
        assertThat(line("192.168.0.1", 56324, "192.168.0.11", 443))
                .isEqualTo("PROXY TCP4 192.168.0.1 192.168.0.11 56324 443\r\n");
    }

    @Test
    void version1IsNeverLongerThanAReceiverTakes() {
        assertThat(line("255.255.255.255", 65535, "255.255.255.255", 65535))
                .isEqualTo("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n")
                .hasSize(56);
        assertThat(line(LONGEST, 65535, LONGEST, 65535))
                .isEqualTo("PROXY TCP6 " + LONGEST + " " + LONGEST + " 65535 65535\r\n")
                .hasSize(104);
    }

    @Test
    void version1ShortensTheLongestRunOfZerosOfIpv6() {
        assertThat(line("::1", 1, "2001:db8:0:1::ab", 65535)).isEqualTo("PROXY TCP6 ::1 2001:db8:0:1::ab 1 65535\r\n");
    }

    @Test
    void aScopeStaysOnThisComputer() throws Exception {
        byte[] linkLocal = ip("fe80::1:2").getAddress();
        InetAddress scoped = Inet6Address.getByAddress(null, linkLocal, 7);

        ByteBuf v1 = ProxyHeader.of(
                ProxyProtocol.V1, new InetSocketAddress(scoped, 50000), new InetSocketAddress(scoped, 80));
        ByteBuf v2 = ProxyHeader.of(
                ProxyProtocol.V2, new InetSocketAddress(scoped, 50000), new InetSocketAddress(scoped, 80));

        assertThat(bytes(v1)).asString(US_ASCII).isEqualTo("PROXY TCP6 fe80::1:2 fe80::1:2 50000 80\r\n");
        assertThat(bytes(v2))
                .isEqualTo(hex(V2_BEGINNING + "21 0024"
                        + "FE800000000000000000000000010002"
                        + "FE800000000000000000000000010002"
                        + "C350 0050"));
    }

    @Test
    void version2OfIpv4() {
        assertThat(binary("192.168.0.1", 56324, "192.168.0.11", 443))
                .isEqualTo(hex(V2_BEGINNING + "11 000C" + "C0A80001" + "C0A8000B" + "DC04" + "01BB"));
    }

    @Test
    void version2OfIpv6() {
        assertThat(binary("2001:db8::1", 1, "fd00::ff", 65535))
                .isEqualTo(hex(V2_BEGINNING + "21 0024"
                        + "20010DB8000000000000000000000001"
                        + "FD0000000000000000000000000000FF"
                        + "0001"
                        + "FFFF"));
    }

    /** The family is one for both; what is IPv4 stands within IPv6 then, as HAProxy has it. */
    @Test
    void ofMixedFamiliesTheOlderIsMapped() {
        assertThat(line("192.168.0.1", 56324, "2001:db8::1", 443))
                .isEqualTo("PROXY TCP6 ::ffff:c0a8:1 2001:db8::1 56324 443\r\n");
        assertThat(binary("2001:db8::1", 443, "192.168.0.1", 56324))
                .isEqualTo(hex(V2_BEGINNING + "21 0024"
                        + "20010DB8000000000000000000000001"
                        + "00000000000000000000FFFFC0A80001"
                        + "01BB"
                        + "DC04"));
    }

    @Test
    void thereIsNoneForWhoHasNotAskedForOne() {
        InetSocketAddress any = new InetSocketAddress(ip("127.0.0.1"), 1);
        assertThatThrownBy(() -> ProxyHeader.of(ProxyProtocol.OFF, any, any))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String line(String source, int sourcePort, String destination, int destinationPort) {
        return new String(header(ProxyProtocol.V1, source, sourcePort, destination, destinationPort), US_ASCII);
    }

    private static byte[] binary(String source, int sourcePort, String destination, int destinationPort) {
        return header(ProxyProtocol.V2, source, sourcePort, destination, destinationPort);
    }

    private static byte[] header(
            ProxyProtocol form, String source, int sourcePort, String destination, int destinationPort) {
        return bytes(ProxyHeader.of(
                form,
                new InetSocketAddress(ip(source), sourcePort),
                new InetSocketAddress(ip(destination), destinationPort)));
    }

    private static byte[] bytes(ByteBuf header) {
        try {
            return ByteBufUtil.getBytes(header);
        } finally {
            header.release();
        }
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
