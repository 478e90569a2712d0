package io.github.wslproxy.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.wslproxy.testing.Fuzz;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Netty has a reader of literals of its own: what both read, they read alike. */
@Tag("slow")
public class IpLiteralFuzzTest {

    @Test
    void readsWhatNettyReads() {
        Fuzz.from(
                        "127.0.0.1",
                        "255.255.255.255",
                        "::1",
                        "2001:db8:0:1::7",
                        "::ffff:192.0.2.1",
                        "fe80::1%lo",
                        "1:2:3:4:5:6:7:8")
                .with(":", "::", ".", "0", "00", "256", "0x7f", "0177", "ffff", "%", "%lo", "%1", "[", "]", "/")
                .feed(IpLiteralFuzzTest::fuzzerTestOneInput);
    }

    /** A fuzzer that is guided by coverage calls this. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        InetAddress read = IpLiteral.parse(text);
        if (read == null) {
            check(!isPlain(text), "not read, though Netty does");
            return;
        }
        check(text.chars().allMatch(c -> c > ' ' && c <= '~'), "read from more than ASCII");
        check(IpLiteral.of(IpLiteral.text(read)).equals(read), "not read back: " + IpLiteral.text(read));
        if (text.indexOf('%') < 0) {
            byte[] other = NetUtil.createByteArrayFromIpAddressString(inHexadecimal(text));
            check(other != null, "Netty does not read it");
            check(Arrays.equals(unmapped(other), read.getAddress()), "Netty reads it otherwise");
        } else {
            check(read instanceof Inet6Address, "a scope of IPv4");
        }
    }

    /** Without a scope, which has to be one of this computer, and as the standards write it. */
    private static boolean isPlain(String text) {
        boolean v4 = NetUtil.isValidIpV4Address(text) && !text.matches(".*\\b0\\d.*");
        boolean v6 = text.matches("[0-9a-fA-F:]+") && NetUtil.isValidIpV6Address(text);
        return v4 || v6;
    }

    /**
     * Whether the text has a tail as IPv4 writes it (RFC 4291 section 2.2), which Netty knows behind some beginnings
     * only.
     */
    private static String inHexadecimal(String text) {
        int tail = text.lastIndexOf(':') + 1;
        if (tail == 0 || text.indexOf('.') < 0) {
            return text;
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text.substring(tail));
        check(bytes != null && bytes.length == 4, "Netty does not read its tail");
        return text.substring(0, tail) + String.format("%02x%02x:%02x%02x", bytes[0], bytes[1], bytes[2], bytes[3]);
    }

    private static byte[] unmapped(byte[] bytes) {
        boolean mapped = bytes.length == 16
                && bytes[10] == -1
                && bytes[11] == -1
                && Arrays.equals(bytes, 0, 10, new byte[10], 0, 10);
        return mapped ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
